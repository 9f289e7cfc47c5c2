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
  const latest = $("#latest");
  const chips = $("#chips");
  const gone = $("#gone");
  const clear = $("#clear");
  const firstSort = "-date";
  const addedSort = "-added";
  const NEW_DAYS = 30;

  // Each filter: its name, what readers see, and its boxes by the value that they stand for.
  const filters = [...document.querySelectorAll("[data-filter]")].map((element) => ({
    name: element.dataset.filter,
    label: element.dataset.label,
    boxes: new Map([...element.querySelectorAll("input")].map((box) => [box.value, {
      box, text: box.nextElementSibling.textContent, count: $(".count", box.parentElement),
    }])),
  }));

  let index; // the papers as columns, once they are needed
  let found = []; // numbers of the papers in the present view, in its order
  let shown = 0;
  let sort = firstSort;
  let paper = ""; // the id of the one paper that a permalink asks for
  const orders = new Map(); // numbers of all papers by each order that was asked for
  const rows = new Map(); // rows that have been drawn, by number: while typing most stay

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // --- Loading ---

  let folder;
  const loadFolder = () => folder ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "folder.js";
    script.onload = () => resolve(globalThis.kdbotFolder);
    script.onerror = () => reject(new Error("folder.js could not be loaded. Serve this folder over HTTP"));
    document.head.append(script);
  });

  async function fetchText(name) {
    const answer = await fetch(`${name}?${digest}`);
    if (!answer.ok) throw new Error(`${name} could not be loaded (${answer.status})`);
    return answer.text();
  }

  let loading;
  const load = () => loading ??= (async () => {
    index = inFolder ? (await loadFolder()).index : JSON.parse(await fetchText("index.json"));
    const labels = new Map(index.categories);
    const branches = index.categories.map(([path]) =>
      [...path.matchAll(/\/|$/g)].map((end) => path.slice(0, end.index)).filter((step) => labels.has(step)));
    index.inside = index.in.map((found) => [...new Set(found.flatMap((category) => branches[category]))]);
    index.text = index.id.map((id, n) => fold([
      index.title[n], index.known[n] || "", id, index.key[n] || "", index.added[n] || "", ...(index.authors[n] || []), ...Object.values(index.cells).flatMap((cells) =>
        (cells[n] || []).filter((_, part, all) => part % 2 === 0 && !all[part + 1])),
      ...(index.details[n] || []).flatMap(([, pieces]) => pieces),
      ...index.inside[n].map((path) => labels.get(path)),
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

  // An error is shown at the control that failed; the next success removes it.
  const failure = make("p", { role: "alert", class: "error" });
  function tellFailure(error, control) {
    failure.textContent = `${error.message}. The lists by category below contain every paper.`;
    (control.closest("th p, .bar, .more, form") ?? $(".bar")).after(failure);
  }

  // --- The view: what of the list is asked for ---

  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function valuesOf(name, n) {
    if (name === "category") return index.inside[n];
    const value = name === "year" ? index.year[n] : index.filters[name][n];
    return Array.isArray(value) ? value : [value];
  }

  const chosenOf = (filter) => [...filter.boxes].filter(([, { box }]) => box.checked).map(([value]) => value);

  function sortKeys(name) {
    if (name === "title" || name === "added") return index[name];
    return index.cells[name]?.map((pieces) => pieces ? pieces[0] : "") ?? index.title;
  }

  function orderBy(key) {
    if (!orders.has(key)) {
      const down = key.startsWith("-");
      const keys = sortKeys(key.slice(down));
      const { compare } = new Intl.Collator("en", { numeric: true });
      const numbers = index.id.map((_, n) => n);
      if (key !== firstSort) {
        // Papers without a value come last in both directions.
        numbers.sort((a, b) => !keys[a] - !keys[b] || compare(keys[a], keys[b]) * (down ? -1 : 1) || a - b);
      }
      orders.set(key, numbers);
    }
    return orders.get(key);
  }

  // Words and quoted phrases.
  const terms = () => [...fold(search.value).matchAll(/"([^"]+)"?|[^\s"]+/g)]
    .map(([whole, quoted]) => (quoted ?? whole).trim()).filter(Boolean);

  // Papers that fail only one filter are counted for that filter: its other values could add them.
  let almost = [];
  function narrow() {
    const wanted = terms();
    const active = filters.map((filter) => [filter, new Set(chosenOf(filter))]).filter(([, values]) => values.size);
    almost = [];
    found = orderBy(sort).filter((n) => {
      if (paper && index.id[n] !== paper) return false;
      if (!wanted.every((word) => index.text[n].includes(word))) return false;
      const failed = active.filter(([{ name }, values]) => !valuesOf(name, n).some((value) => values.has(value)));
      if (failed.length === 1) almost.push([n, failed[0][0]]);
      return !failed.length;
    });
  }

  // How many papers each value would leave or add, beside what is chosen of the other filters.
  function countValues() {
    for (const filter of filters) {
      const papers = [...found, ...almost.filter(([, failed]) => failed === filter).map(([n]) => n)];
      const counts = new Map();
      for (const n of papers) {
        for (const value of valuesOf(filter.name, n)) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      for (const [value, { count }] of filter.boxes) count.textContent = counts.get(value) ?? 0;
    }
  }

  function viewAddress() {
    const view = new URLSearchParams();
    if (search.value.trim()) view.set("q", search.value.trim());
    for (const filter of filters) for (const value of chosenOf(filter)) view.append(filter.name, value);
    if (paper) view.set("paper", paper);
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
    paper = view.get("paper") ?? "";
    const missing = [];
    for (const { name, label, boxes } of filters) {
      const values = view.getAll(name).filter(Boolean);
      for (const [value, { box }] of boxes) box.checked = values.includes(value);
      missing.push(...values.filter((value) => !boxes.has(value)).map((value) => `${label ?? name} “${value}”`));
    }
    const name = (view.get("sort") ?? firstSort).replace(/^-/, "");
    const known = name === "added" || [...table.tHead.rows[0].cells].some((cell) => cell.dataset.column === name);
    sort = known ? view.get("sort") ?? firstSort : firstSort;
    tellGone(missing);
    return viewAddress() !== "";
  }

  function tellGone(missing) {
    gone.hidden = !missing.length;
    gone.textContent = missing.length ? `Not in this list, so not used as filters: ${missing.join(", ")}.` : "";
  }

  // --- Chips: what is chosen, to be taken off one by one ---

  function drawChips() {
    const chip = (label, take) => {
      const button = make("button", { type: "button", "aria-label": `Remove filter ${label}` }, label, make("span", { "aria-hidden": "true" }, " ×"));
      button.addEventListener("click", async () => {
        take();
        await show();
        ($("button", chips) ?? search).focus();
      });
      return make("li", {}, button);
    };
    const chosen = filters.flatMap(({ label, boxes }) => [...boxes].filter(([, { box }]) => box.checked)
      .map(([, { box, text }]) => chip(label ? `${label}: ${text}` : text, () => box.checked = false)));
    if (paper) {
      const n = index?.id.indexOf(paper) ?? -1;
      chosen.unshift(chip(`Paper: ${n < 0 ? paper : index.title[n]}`, () => paper = ""));
    }
    chips.replaceChildren(...chosen);
    clear.hidden = viewAddress() === "";
  }

  // --- Drawing ---

  const link = (text, url, label) => /^https?:\/\//i.test(url)
    ? make("a", { href: url }, ...label ? [make("span", {}, `${label}: `)] : [], text)
    : text;

  function join(pieces, label) {
    const parts = [];
    for (let n = 0; n < pieces.length; n += 2) {
      if (n) parts.push(", ");
      parts.push(link(pieces[n], pieces[n + 1], label));
    }
    return parts;
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
    if (index.standing[n]) head.append(" ", make("em", {}, index.standing[n]));
    head.append(...byline(index.authors[n] || []), make("p", {}, ...subtitle(n)));
    const cells = Object.values(index.cells).map((values, column) =>
      make("td", {}, ...join(values[n] || [], index.heads[column + 1][1])));
    const added = index.added[n] ? { "data-added": index.added[n] } : {};
    return equip(make("tr", { "data-paper": id, ...added }, head, ...cells));
  }

  // The page itself has the first authors of a paper, the index all of them.
  async function showAuthors(row) {
    await load();
    const names = index.authors[index.id.indexOf(row.dataset.paper)];
    $("div", row).textContent = names.join(", ");
    entrance(row)?.focus();
  }

  // The form that corrects a paper, filled in with its arXiv identifier or its title.
  function fixLink(id, title) {
    const which = title.href === ARXIV + id ? id : title.textContent;
    return make("a", { href: fix + encodeURIComponent(which) }, "Fix this");
  }

  // What a row gets besides: links, buttons, and the roles that a table loses where it is no grid of boxes.
  function equip(row) {
    const [head, ...cells] = row.cells;
    const [id, title] = [row.dataset.paper, head.firstElementChild];
    const below = $("p", head);
    below.append(" · ", make("button", { type: "button", value: id }, "BibTeX"));
    below.append(" · ", make("a", { href: `${inFolder ? "#" : "?"}paper=${encodeURIComponent(id)}` }, "Permalink"));
    if (fix) below.append(" · ", fixLink(id, title));
    const rest = $("div span", head);
    rest?.replaceWith(make("button", { type: "button", name: "authors" }, rest.textContent));
    row.setAttribute("role", "row");
    head.setAttribute("role", "rowheader");
    for (const cell of cells) cell.setAttribute("role", "cell");
    return row;
  }

  // The day on which a paper came, where the view is sorted by it, and a mark for the last weeks.
  function markAdded(row) {
    const day = row.dataset.added;
    const isNew = day && Date.now() - Date.parse(day) < NEW_DAYS * 864e5;
    $(".added", row)?.remove();
    if (!day || !(isNew || sort === addedSort)) return row;
    const mark = isNew ? [make("em", { class: "new" }, "new"), " "] : [];
    $("p", row).before(make("p", { class: "added" }, ...mark, "Added ", make("time", { datetime: day }, day)));
    return row;
  }

  const count = (number) => `${number.toLocaleString("en")} ${number === 1 ? "paper" : "papers"}`;

  function rowOf(n) {
    if (!rows.has(n)) rows.set(n, makeRow(n));
    return markAdded(rows.get(n));
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
      countValues();
      resolve();
    })));
  }

  function noRow() {
    const width = table.tHead.rows[0].cells.length;
    return make("tr", { role: "row" }, make("td", { role: "cell", colspan: width, class: "empty" },
      "No paper matches. Try fewer words or filters."));
  }

  function tellCount() {
    const all = index.id.length;
    status.textContent = found.length < all ? `${found.length.toLocaleString("en")} of ${count(all)}` : count(all);
    more.hidden = shown >= found.length;
    more.textContent = `Show ${Math.min(STEP, found.length - shown)} more of ${found.length.toLocaleString("en")}`;
    cite.disabled = !found.length;
    latest.setAttribute("aria-pressed", String(sort === addedSort));
  }

  function markSort() {
    for (const cell of table.tHead.rows[0].cells) {
      const down = sort.startsWith("-");
      if (cell.dataset.column === sort.slice(down)) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
  }

  async function show({ remember = true, control = search } = {}) {
    if (remember) rememberView();
    markSort();
    try {
      await load();
    } catch (error) {
      drawChips();
      tellFailure(error, control);
      return false;
    }
    failure.remove();
    if (paper && !index.id.includes(paper)) {
      tellGone([`paper “${paper}”`]);
      paper = "";
    }
    drawChips();
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
    failure.remove();
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
    const fail = (error) => tellFailure(error, target);
    if (target.name === "authors") showAuthors(target.closest("tr")).catch(fail);
    else if (target.closest("button")) openBibtex([target.value]).catch(fail);
  });
  cite.addEventListener("click", async () => {
    if (!index && !await show({ control: cite })) return;
    openBibtex(found.map((n) => index.id[n])).catch((error) => tellFailure(error, cite));
  });

  // --- Controls ---

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    tellGone([]);
    show();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    search.value = paper = "";
    sort = firstSort;
    for (const { boxes } of filters) for (const { box } of boxes.values()) box.checked = false;
    tellGone([]);
    show();
    search.focus();
  });
  form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
  more.addEventListener("click", async () => {
    const from = shown || body.rows.length;
    if (!index && !await show({ control: more })) return;
    await drawUpTo(from + STEP);
    entrance(body.rows[from])?.focus();
  });
  addEventListener("popstate", () => {
    // A link within the page is no other view.
    if (location.hash && !location.hash.includes("=")) return;
    readView();
    show({ remember: false });
  });

  latest.addEventListener("click", () => {
    sort = sort === addedSort ? firstSort : addedSort;
    show({ control: latest });
  });

  for (const cell of table.tHead.rows[0].cells) {
    const button = make("button", { type: "button" }, ...cell.childNodes);
    button.addEventListener("click", () => {
      const name = cell.dataset.column;
      // The first click gives what is looked for most: the newest, the first letters, what is there.
      const first = name === "date" ? `-${name}` : name;
      sort = sort === first ? (first === name ? `-${name}` : name) : first;
      show({ control: button });
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

  // A filter is a panel: a click elsewhere and Escape close it.
  const openFilter = () => $(".filter[open]", form);
  addEventListener("click", ({ target }) => {
    const open = openFilter();
    if (open && !open.contains(target)) open.open = false;
  });
  form.addEventListener("keydown", ({ key }) => {
    const open = openFilter();
    if (key !== "Escape" || !open) return;
    open.open = false;
    $("summary", open).focus();
  });

  // --- Print: the whole view ---

  const drawAll = () => {
    if (index && shown < found.length) {
      body.append(...found.slice(body.rows.length).map(rowOf));
      shown = found.length;
      tellCount();
    }
  };
  addEventListener("beforeprint", drawAll);
  addEventListener("keydown", async (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "p" || index) return;
    // The index has to be there first, and the browser waits for nothing.
    event.preventDefault();
    await show({ remember: false });
    print();
  });

  // --- Start ---

  table.setAttribute("role", "table");
  for (const part of [table.tHead, body]) part.setAttribute("role", "rowgroup");
  table.tHead.rows[0].setAttribute("role", "row");
  for (const row of body.rows) markAdded(equip(row));
  form.hidden = cite.hidden = latest.hidden = false;
  const wide = matchMedia("(min-width: 44rem)");
  const panel = $("#filters");
  panel.open = wide.matches;
  wide.addEventListener("change", () => panel.open = wide.matches);
  more.hidden = body.rows.length < STEP;
  if (readView()) show({ remember: false });
})();
