"use strict";
// The page works without this script; with it the list can be searched, narrowed, sorted and cited.
(() => {
  const STEP = 100;
  const FIRST = 25; // more rows than a screen holds: they are drawn at once, the others after them
  const ARXIV = "https://arxiv.org/abs/";
  const { index: digest, fix } = document.currentScript.dataset;
  const inFolder = location.protocol === "file:";
  const $ = (selector, within = document) => within.querySelector(selector);
  const form = $("#search");
  const search = $("#q");
  const status = $("#status");
  const table = $("#papers");
  const body = $("tbody", table);
  const more = $("#more");
  const cite = $("#cite");
  const dialog = $("#bibtex");
  const controls = [...form.elements].filter((control) => control.name && control !== search);
  const firstSort = "-date";

  let index; // the papers as columns, once they are needed
  let found = []; // numbers of the papers in the present view, in its order
  let shown = 0;
  let sort = firstSort;
  const orders = new Map(); // numbers of all papers by each order that was asked for
  const rows = new Map(); // rows that have been drawn, by number: while typing most stay

  // --- Loading ---

  let folder;
  const loadFolder = () => folder ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "folder.js";
    script.onload = () => resolve(globalThis.kdbotFolder);
    script.onerror = () => reject(new Error("this browser lets no page read from a folder"));
    document.head.append(script);
  });

  async function fetchText(name) {
    const answer = await fetch(`${name}?${digest}`);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.text();
  }

  let loading;
  const load = () => loading ??= (async () => {
    index = inFolder ? (await loadFolder()).index : JSON.parse(await fetchText("index.json"));
    index.paths = index.categories.map(([path]) => path);
    index.text = index.id.map((id, n) => fold([
      index.title[n], index.known[n] || "", id, index.key[n] || "", index.added[n] || "", ...(index.authors[n] || []), ...Object.values(index.cells).flatMap((cells) =>
        (cells[n] || []).filter((_, part, all) => part % 2 === 0 && !all[part + 1])),
      ...(index.details[n] || []).flatMap(([, pieces]) => pieces),
    ].join("\n")));
  })().catch((error) => {
    loading = undefined;
    throw error;
  });

  let entries;
  const loadEntries = () => entries ??= (async () => {
    const text = inFolder ? (await loadFolder()).bibtex : await fetchText("papers.bib");
    return new Map([...text.matchAll(/^@\w+\{(.*),$[^]*?^\}$/gm)].map(([entry, key]) => [key, entry]));
  })().catch((error) => {
    entries = undefined;
    throw error;
  });

  function tellFailure(error) {
    status.textContent = inFolder
      ? `Browsers differ in what a page in a folder may read, and this one refuses (${error.message}). ` +
        "The lists by category below hold every paper; served over HTTP the search works too."
      : `The index could not be loaded (${error.message}). ` +
        "The lists by category below hold every paper.";
  }

  // --- The view: what of the list is asked for ---

  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function filterTest(control) {
    const wanted = control.value;
    if (control.name === "category") {
      const inside = index.paths.map((path) => path === wanted || path.startsWith(`${wanted}/`));
      return (n) => index.in[n].some((category) => inside[category]);
    }
    if (control.name === "year") return (n) => index.year[n] === wanted;
    const values = index.filters[control.name];
    return (n) => Array.isArray(values[n]) ? values[n].includes(wanted) : values[n] === wanted;
  }

  const isSet = (control) => control.type === "checkbox" ? control.checked : control.value !== "";

  function sortKeys(name) {
    if (name === "title") return index.title;
    return index.cells[name]?.map((pieces) => pieces ? pieces[0] : "") ?? index.title;
  }

  function orderBy(key) {
    if (!orders.has(key)) {
      const down = key.startsWith("-");
      const keys = sortKeys(key.slice(down));
      const { compare } = new Intl.Collator("en", { numeric: true });
      const numbers = index.id.map((_, n) => n);
      if (key !== firstSort) {
        // What has no value stands last in both directions.
        numbers.sort((a, b) => !keys[a] - !keys[b] || compare(keys[a], keys[b]) * (down ? -1 : 1) || a - b);
      }
      orders.set(key, numbers);
    }
    return orders.get(key);
  }

  function narrow() {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const tests = controls.filter(isSet).map(filterTest);
    found = orderBy(sort).filter((n) =>
      words.every((word) => index.text[n].includes(word)) && tests.every((test) => test(n)));
  }

  function viewAddress() {
    const view = new URLSearchParams();
    if (search.value.trim()) view.set("q", search.value.trim());
    for (const control of controls.filter(isSet)) view.set(control.name, control.value);
    if (sort !== firstSort) view.set("sort", sort);
    return view.toString();
  }

  let remembering;
  let remembered = -Infinity;
  function rememberView() {
    // Safari refuses more than a hundred changes in half a minute.
    clearTimeout(remembering);
    const wait = remembered + 350 - performance.now();
    if (wait > 0) remembering = setTimeout(writeAddress, wait);
    else writeAddress();
  }

  function writeAddress() {
    remembered = performance.now();
    const view = viewAddress();
    // A page in a folder may change nothing of its address but the fragment.
    const address = inFolder ? `#${view}` : view ? `?${view}` : location.pathname;
    history.replaceState(null, "", address);
  }

  function readView() {
    const text = location.hash.includes("=") ? location.hash : location.search;
    const view = new URLSearchParams(text.slice(1));
    search.value = view.get("q") ?? "";
    for (const control of controls) {
      const value = view.get(control.name) ?? "";
      if (control.type === "checkbox") control.checked = value !== "";
      else control.value = [...control.options].some((option) => option.value === value) ? value : "";
    }
    const name = (view.get("sort") ?? firstSort).replace(/^-/, "");
    const known = [...table.tHead.rows[0].cells].some((cell) => cell.dataset.column === name);
    sort = known ? view.get("sort") ?? firstSort : firstSort;
    return viewAddress() !== "";
  }

  // --- Drawing ---

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const link = (text, url) => /^https?:\/\//i.test(url) ? make("a", { href: url }, text) : text;

  function join(pieces) {
    const parts = [];
    for (let n = 0; n < pieces.length; n += 2) {
      if (n) parts.push(", ");
      parts.push(link(pieces[n], pieces[n + 1]));
    }
    return parts;
  }

  function citeButton(id, title) {
    return make("button", { type: "button", value: id, "aria-label": `BibTeX of ${title}` }, "BibTeX");
  }

  function subtitle(n) {
    const parts = [];
    index.in[n].forEach((category, place) => {
      const [path, label] = index.categories[category];
      if (place) parts.push(", ");
      parts.push(make("a", { href: `c/${path.split("/").map(encodeURIComponent).join("/")}.html` }, label));
    });
    for (const [label, pieces] of index.details[n] || []) parts.push(` · ${label}: `, ...join(pieces));
    return parts;
  }

  function byline(authors) {
    if (!authors.length) return [];
    const rest = authors.length > 3 ? [" ", make("span", {}, `and ${authors.length - 3} more`)] : [];
    return [make("div", {}, authors.slice(0, 3).join(", "), ...rest)];
  }

  function makeRow(n) {
    const id = index.id[n];
    const title = index.title[n];
    const address = index.address[n] === 1 ? ARXIV + id : index.address[n] || "";
    const linked = link(title, address);
    const head = make("th", { scope: "row" }, typeof linked === "string" ? make("span", {}, title) : linked);
    if (index.isWithdrawn.has(n)) head.append(" ", make("em", {}, "withdrawn"));
    head.append(...byline(index.authors[n] || []), make("p", {}, ...subtitle(n)));
    const cells = Object.values(index.cells).map((values) => make("td", {}, ...join(values[n] || [])));
    return equip(make("tr", { "data-paper": id }, head, ...cells));
  }

  // The page itself holds the first authors of a paper, the index all of them.
  async function showAuthors(row) {
    await load();
    const names = index.authors[index.id.indexOf(row.dataset.paper)];
    $("div", row).textContent = names.join(", ");
    entrance(row)?.focus();
  }

  // The form that corrects a paper, filled in with its arXiv identifier or its title.
  function fixLink(id, title) {
    const which = title.href === ARXIV + id ? id : title.textContent;
    const href = fix + encodeURIComponent(which);
    return make("a", { href, "aria-label": `Fix this: ${title.textContent}` }, "Fix this");
  }

  // What a row gets besides: a link, buttons, and the roles that a table loses where it is no grid of boxes.
  function equip(row) {
    const [head, ...cells] = row.cells;
    const [id, title] = [row.dataset.paper, head.firstElementChild];
    $("p", head).append(" · ", citeButton(id, title.textContent));
    if (fix) $("p", head).append(" · ", fixLink(id, title));
    const rest = $("div span", head);
    rest?.replaceWith(make("button", { type: "button", name: "authors" }, rest.textContent));
    row.setAttribute("role", "row");
    head.setAttribute("role", "rowheader");
    for (const cell of cells) cell.setAttribute("role", "cell");
    return row;
  }

  const count = (number) => `${number.toLocaleString("en")} ${number === 1 ? "paper" : "papers"}`;

  function rowOf(n) {
    if (!rows.has(n)) rows.set(n, makeRow(n));
    return rows.get(n);
  }

  let turn = 0;
  function draw() {
    if (rows.size > 20 * STEP) rows.clear();
    body.replaceChildren(...found.length ? found.slice(0, FIRST).map(rowOf) : [noRow()]);
    drawUpTo(STEP);
  }

  // Draws further rows once the browser has shown the first, unless the view has changed again.
  function drawUpTo(number) {
    shown = Math.min(number, found.length);
    tellCount();
    const mine = ++turn;
    table.setAttribute("aria-busy", "true");
    return new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => {
      if (mine !== turn) return;
      if (shown) body.append(...found.slice(body.rows.length, shown).map(rowOf));
      table.removeAttribute("aria-busy");
      resolve();
    })));
  }

  function noRow() {
    const width = table.tHead.rows[0].cells.length;
    return make("tr", { role: "row" }, make("td", { role: "cell", colspan: width, class: "empty" },
      "No paper matches. Fewer words or filters find more."));
  }

  function tellCount() {
    const all = index.id.length;
    status.textContent = found.length < all ? `${found.length.toLocaleString("en")} of ${count(all)}` : count(all);
    more.hidden = shown >= found.length;
    more.textContent = `Show ${Math.min(STEP, found.length - shown)} more of ${found.length.toLocaleString("en")}`;
    cite.disabled = !found.length;
  }

  function markSort() {
    for (const cell of table.tHead.rows[0].cells) {
      const down = sort.startsWith("-");
      if (cell.dataset.column === sort.slice(down)) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
  }

  async function show({ remember = true } = {}) {
    if (remember) rememberView();
    markSort();
    try {
      await load();
    } catch (error) {
      tellFailure(error);
      return false;
    }
    index.isWithdrawn ??= new Set(index.withdrawn);
    narrow();
    draw();
    return true;
  }

  // --- BibTeX ---

  async function openBibtex(ids) {
    const text = $("pre", dialog);
    const [all] = await Promise.all([loadEntries(), load()]);
    const chosen = ids.map((id) => all.get(index.key[index.id.indexOf(id)] || id)).filter(Boolean);
    const complete = `${chosen.join("\n\n")}\n`;
    const first = 50;
    text.textContent = chosen.length > first
      ? `${chosen.slice(0, first).join("\n\n")}\n\n% … and ${chosen.length - first} more: copy or download`
      : complete;
    $("h2", dialog).textContent = ids.length === 1 ? "BibTeX" : `BibTeX of ${count(ids.length)}`;
    $("[value=copy]", dialog).textContent = "Copy";
    dialog.complete = complete;
    const file = $("a", dialog);
    URL.revokeObjectURL(file.href);
    file.href = URL.createObjectURL(new Blob([complete], { type: "text/x-bibtex" }));
    file.download = ids.length === 1 ? `${ids[0]}.bib` : "papers.bib";
    dialog.showModal();
    $("[value=copy]", dialog).focus();
  }

  async function copyBibtex(button) {
    try {
      await navigator.clipboard.writeText(dialog.complete);
      button.textContent = "Copied";
    } catch {
      // Without permission the text is selected, ready for the keyboard.
      getSelection().selectAllChildren($("pre", dialog));
      button.textContent = "Selected";
    }
  }

  dialog.addEventListener("click", ({ target }) => {
    if (target.value === "copy") copyBibtex(target);
    if (target.value === "close" || target === dialog) dialog.close();
  });
  body.addEventListener("click", ({ target }) => {
    if (target.name === "authors") showAuthors(target.closest("tr")).catch(tellFailure);
    else if (target.closest("button")) openBibtex([target.value]).catch(tellFailure);
  });
  cite.addEventListener("click", async () => {
    if (index || await show()) openBibtex(found.map((n) => index.id[n])).catch(tellFailure);
  });

  // --- Controls ---

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => show());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    search.value = "";
    for (const control of controls) control.type === "checkbox" ? control.checked = false : control.value = "";
    show();
    search.focus();
  });
  form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
  more.addEventListener("click", async () => {
    const from = shown || body.rows.length;
    if (!index && !await show()) return;
    await drawUpTo(from + STEP);
    entrance(body.rows[from])?.focus();
  });
  addEventListener("popstate", () => {
    // A link within the page is no other view.
    if (location.hash && !location.hash.includes("=")) return;
    readView();
    show({ remember: false });
  });

  for (const cell of table.tHead.rows[0].cells) {
    const button = make("button", { type: "button" }, ...cell.childNodes);
    button.addEventListener("click", () => {
      const name = cell.dataset.column;
      // The first click gives what is looked for most: the newest, the first letters, what is there.
      const first = name === "date" ? `-${name}` : name;
      sort = sort === first ? (first === name ? `-${name}` : name) : first;
      show();
    });
    cell.append(button);
    cell.setAttribute("role", "columnheader");
  }

  // --- Keyboard: slash to the search, arrows from there through the papers ---

  const entrance = (row) => row && $("a, button", row);

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const { target, key } = event;
    const isTyping = target.matches("input:not([type=checkbox]), select, textarea");
    const row = target.closest("[data-paper]");
    let next;
    if (key === "/" && !isTyping) next = search;
    else if (key === "ArrowDown" && target === search) next = entrance(body.rows[0]);
    else if (key === "ArrowDown" && row) next = entrance(row.nextElementSibling);
    else if (key === "ArrowUp" && row) next = entrance(row.previousElementSibling) ?? search;
    else if (key === "Escape" && row) next = search;
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  // --- Start ---

  table.setAttribute("role", "table");
  for (const part of [table.tHead, body]) part.setAttribute("role", "rowgroup");
  table.tHead.rows[0].setAttribute("role", "row");
  for (const row of body.rows) equip(row);
  form.hidden = cite.hidden = false;
  const wide = matchMedia("(min-width: 44rem)");
  const filters = $("#filters");
  filters.open = wide.matches;
  wide.addEventListener("change", () => filters.open = wide.matches);
  more.hidden = body.rows.length < STEP;
  if (readView()) show({ remember: false });
})();
