"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const find = (id) => document.getElementById(id);
const main = find("dumps"), status = find("status"), review = find("review");
const filters = { kind: find("kind"), rule: find("rule"), flag: find("flag"), search: find("search") };
const corrections = data.dumps.map(() => new Map());
let current = null, open = null;

// --- text: JavaScript counts UTF-16 units where the segments count code points --------------------------------------
const points = (text) => Array.from(text);
const labelOf = (part, kind) => (part === "blank" ? "_" : part[0]) + (kind ? "." + kind : "");
const partOf = (label) => ({ h: "header", b: "body", n: "noise", _: "blank" })[label[0]];
const labelAt = (dump, index) => corrections[dump].get(index) ?? labelOf(data.dumps[dump].segments[index][2], data.dumps[dump].segments[index][3]);

// --- one dump, drawn when it comes near the screen ------------------------------------------------------------------
function section(dump, index) {
  const article = document.createElement("article");
  article.dataset.dump = index;
  const title = document.createElement("h2");
  title.textContent = dump.id;
  const facts = document.createElement("p");
  facts.className = "facts";
  facts.textContent = [dump.headline || "no headline", ...dump.flags].join(" · ");
  facts.dir = "auto";
  article.append(title, facts);
  return article;
}

function draw(article) {
  if (article.dataset.drawn) return;
  article.dataset.drawn = "yes";
  const index = Number(article.dataset.dump), dump = data.dumps[index], text = points(dump.text);
  const box = document.createElement("div");
  box.className = "text";
  box.lang = "ar";
  box.dir = "rtl";
  dump.segments.forEach(([start, end, part], number) => {
    const piece = text.slice(start, end).join("");
    if (part === "blank") return box.append(piece);
    const span = document.createElement("span");
    span.dataset.number = number;
    span.textContent = piece;
    if (part !== "body") span.tabIndex = 0;
    box.append(span);
    paint(index, span);
  });
  article.append(box);
}

function paint(index, span) {
  const number = Number(span.dataset.number), [, , , , rule] = data.dumps[index].segments[number];
  const label = labelAt(index, number), part = partOf(label);
  span.className = `span ${part} ${label.replace(".", "-")}` + (corrections[index].has(number) ? " marked" : "");
  span.dataset.label = label;
  if (part === "body" && !corrections[index].has(number)) span.removeAttribute("title");
  else span.title = `${label} — ${rule}: ${data.whys[rule] ?? ""}`;
  span.classList.toggle("dim", !matches(index, number));
}

// --- filters, search, walking -----------------------------------------------------------------------------------------
const asked = () => ({ kind: filters.kind.value, rule: filters.rule.value, flag: filters.flag.value, search: filters.search.value.trim() });

function matches(index, number) {
  const want = asked(), [, , part, kind, rule] = data.dumps[index].segments[number];
  if (!want.kind && !want.rule) return true;
  return (!want.kind || want.kind === labelOf(part, kind)) && (!want.rule || want.rule === rule);
}

function shows(index) {
  const want = asked(), dump = data.dumps[index];
  if (want.flag && !dump.flags.includes(want.flag)) return false;
  if (want.search && !dump.text.includes(want.search) && !dump.id.includes(want.search)) return false;
  return !(want.kind || want.rule) || dump.segments.some((_, number) => dump.segments[number][2] !== "blank" && matches(index, number));
}

function filter() {
  let count = 0;
  for (const article of main.children) {
    const index = Number(article.dataset.dump);
    article.hidden = !shows(index);
    count += !article.hidden;
    article.querySelectorAll(".span").forEach((span) => paint(index, span));
  }
  current = null;
  status.textContent = `${count} of ${data.dumps.length} dumps`;
}

function walk(step) {
  const places = [];
  for (const article of main.children) {
    if (article.hidden) continue;
    const index = Number(article.dataset.dump);
    data.dumps[index].segments.forEach(([, , part], number) => {
      if (part !== "blank" && part !== "body" && matches(index, number)) places.push([article, number]);
    });
  }
  if (!places.length) return void (status.textContent = "no removed span");
  const at = current ? places.findIndex(([article, number]) => article === current[0] && number === current[1]) : step > 0 ? -1 : 0;
  current = places[(at + step + places.length) % places.length];
  draw(current[0]);
  current[0].querySelector(`[data-number="${current[1]}"]`).focus();
  status.textContent = `span ${places.indexOf(current) + 1} of ${places.length}`;
}

// --- review: what is wrong becomes a test -----------------------------------------------------------------------------
function ask(span) {
  const index = Number(span.closest("article").dataset.dump), number = Number(span.dataset.number);
  open = [index, number, span];
  find("review-text").textContent = span.textContent;
  find("review-why").textContent = span.title;
  find("label").value = labelAt(index, number);
  review.showModal();
}

review.addEventListener("close", () => {
  const [index, number, span] = open, [, , part, kind] = data.dumps[index].segments[number];
  if (review.returnValue === "mark" && find("label").value !== labelOf(part, kind)) corrections[index].set(number, find("label").value);
  else if (review.returnValue === "mark" || review.returnValue === "undo") corrections[index].delete(number);
  paint(index, span);
  const marked = corrections.filter((each) => each.size).length;
  find("save").disabled = !marked;
  status.textContent = marked ? `corrections in ${marked} of ${data.dumps.length} dumps` : "no corrections";
  span.focus();
});

function annotated(index) {
  const dump = data.dumps[index], text = points(dump.text), lines = [[]];
  dump.segments.forEach(([start, end], number) => {
    text.slice(start, end).join("").split("\n").forEach((piece, row) => {
      if (row) lines.push([]);
      if (piece) lines.at(-1).push([labelAt(index, number), piece]);
    });
  });
  const changed = [...corrections[index]].flatMap(([number, label]) => [label, labelOf(dump.segments[number][2], dump.segments[number][3])]);
  const meta = { site: dump.id, type: dump.flags.includes("not-article") ? "not-article" : "article" };
  if (changed.some((label) => label[0] === "b")) meta.type = "article";
  if (!changed.some((label) => label[0] === "h")) meta.fields = dump.fields;
  if (!changed.includes("n.ticker")) meta.ticker = dump.ticker;
  return `#! ${JSON.stringify(meta)}\n` + lines.map(line).join("\n") + "\n";
}

function line(pieces) {
  const sizes = new Map();
  for (const [label, piece] of pieces) if (label !== "_") sizes.set(label, (sizes.get(label) ?? 0) + piece.length);
  const outer = [...sizes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "_";
  return `${outer}\t` + pieces.map(([label, piece]) => (label === outer || label === "_" ? piece : `⟦${label}|${piece}⟧`)).join("");
}

function save() {
  corrections.forEach((each, index) => {
    if (!each.size) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([annotated(index)], { type: "text/plain;charset=utf-8" }));
    link.download = data.dumps[index].id.replace(/[^\p{L}\p{N}.-]+/gu, "_").replace(/^[._]+/, "") + ".ann";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}

// --- begin ------------------------------------------------------------------------------------------------------------
const near = new IntersectionObserver((seen) => seen.forEach((entry) => entry.isIntersecting && draw(entry.target)), { rootMargin: "600px" });
data.dumps.forEach((dump, index) => {
  const article = section(dump, index);
  main.append(article);
  near.observe(article);
});
for (const control of Object.values(filters)) control.addEventListener("input", filter);
find("filters").addEventListener("submit", (event) => event.preventDefault());
find("next").addEventListener("click", () => walk(1));
find("previous").addEventListener("click", () => walk(-1));
find("save").addEventListener("click", save);
main.addEventListener("click", (event) => event.target.matches(".span") && ask(event.target));
main.addEventListener("focusin", (event) => {
  if (!event.target.matches(".span")) return;
  current = [event.target.closest("article"), Number(event.target.dataset.number)];
  find("why").textContent = event.target.title;
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea") || review.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") walk(1);
  else if (event.key === "p") walk(-1);
  else if (event.key === "Enter" && event.target.matches(".span")) ask(event.target);
});
addEventListener("beforeprint", () => [...main.children].forEach(draw));
filter();
