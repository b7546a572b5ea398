"""How a labelled document looks: views of one `Document`, none of which runs a rule of its own."""
