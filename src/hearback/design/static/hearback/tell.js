// The form for telling us something, made a little better: everything on the page works without this file.
"use strict";
(() => {
  const DRAFT = "hearback-draft";
  const find = (id) => document.getElementById(id);
  const form = find("tell");
  if (document.querySelector("[data-sent]")) forget();
  if (!form) return;

  proveWork();
  countWords();
  weighFile();
  keepDraft();
  markPlace();

  // A small sum that a program sending thousands of forms would have to do thousands of times.
  function proveWork() {
    const field = form.elements.work;
    let done = field.value ? Promise.resolve(field.value) : null;
    const begin = () => (done ??= solved(form.elements.token.value, Number(form.dataset.difficulty)));
    form.addEventListener("input", begin, { once: true });
    form.addEventListener("submit", async (event) => {
      if (field.value) return;
      event.preventDefault();
      find("working").textContent = form.dataset.working;
      field.value = await begin();
      if (event.submitter && event.submitter.name) form.append(hidden(event.submitter.name, event.submitter.value));
      form.submit();
    });
    addEventListener("pageshow", () => { find("working").textContent = ""; });
  }

  async function solved(challenge, difficulty) {
    const seed = digest(padded(challenge));
    const found = [];
    for (let puzzle = 0; puzzle < 16; puzzle++) {
      const block = new Uint32Array(16);
      block.set(seed);
      block.set([puzzle, 0, 0x80000000, 0, 0, 0, 0, 320], 8);
      while (digest(block)[0] >>> (32 - difficulty) !== 0) block[9]++;
      found.push(block[9].toString(16));
      await new Promise((rest) => setTimeout(rest)); // the page stays quick to the touch
    }
    return found.join(".");
  }

  // A text of at most 55 ASCII letters as one block of SHA-256.
  function padded(text) {
    const block = new Uint32Array(16);
    [...text, "\x80"].forEach((letter, i) => { block[i >> 2] |= letter.charCodeAt(0) << (24 - 8 * (i % 4)); });
    block[15] = 8 * text.length;
    return block;
  }

  // SHA-256 of one block (FIPS 180-4).
  function digest(block) {
    const w = digest.w ??= new Uint32Array(64);
    const k = digest.k ??= constants();
    const turn = (x, n) => x >>> n | x << (32 - n);
    w.set(block);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15], y = w[t - 2];
      w[t] = w[t - 16] + w[t - 7] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
    }
    const start = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    let [a, b, c, d, e, f, g, h] = start;
    for (let t = 0; t < 64; t++) {
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[t] + w[t] | 0;
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c)) | 0;
      h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
    }
    return [a, b, c, d, e, f, g, h].map((word, i) => word + start[i] >>> 0);
  }

  // The fractions of the cube roots of the first 64 primes.
  function constants() {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
    return Uint32Array.from(primes, (prime) => Math.cbrt(prime) % 1 * 0x100000000);
  }

  function countWords() {
    const words = find("words"), said = find("words-count"), most = Number(words.dataset.longest);
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const count = () => {
      const length = [...words.value.trim()].length;
      said.textContent = form.dataset.left.replace("{count}", number.format(length)).replace("{most}", number.format(most));
      said.classList.toggle("error", length > most);
    };
    words.addEventListener("input", count);
    count();
  }

  // A server that refuses a large file cannot give the words back that came with it.
  function weighFile() {
    const file = find("file");
    file.addEventListener("change", () => {
      const large = file.files[0]?.size > 8 * 1024 * 1024;
      if (large) file.value = "";
      find("file-said").textContent = large ? file.dataset.large : "";
    });
  }

  // A draft stays in this browser only while the box is ticked, and goes when it was sent.
  function keepDraft() {
    const box = find("draft"), kept = ["kind", "words", "area", "desk"];
    if (!storage()) return;
    find("draft-way").hidden = false;
    const draft = JSON.parse(storage().getItem(DRAFT) || "null");
    if (draft) {
      box.checked = true;
      if (!form.elements.words.value) kept.forEach((name) => { if (draft[name]) form.elements[name].value = draft[name]; });
      find("words").dispatchEvent(new Event("input"));
    }
    form.addEventListener("input", () => {
      if (!box.checked) return forget();
      const now = kept.map((name) => [name, form.elements[name].value]);
      storage().setItem(DRAFT, JSON.stringify(Object.fromEntries(now)));
    });
  }

  function storage() {
    try { return window.localStorage; } catch { return null; }
  }

  function forget() {
    storage()?.removeItem(DRAFT);
  }

  // A click on the city's own map, made coarse here: nothing finer than a square of 250 m leaves the device.
  function markPlace() {
    const pin = find("pin"), said = find("pin-said"), holder = find("pin-map");
    find("pin-way").hidden = false;
    find("pin-open").addEventListener("click", async () => {
      const answer = await fetch(form.dataset.map);
      const map = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("svg");
      const frame = map?.querySelector("[data-west]");
      if (!frame) return;
      holder.replaceChildren(document.importNode(map, true));
      holder.hidden = false;
      find("pin-way").hidden = true;
      say();
      holder.firstChild.addEventListener("click", (event) => mark(event, numbers(frame.dataset)));
    });
    find("pin-forget").addEventListener("click", () => { pin.value = ""; holder.querySelector(".mark")?.remove(); say(); });

    function mark(event, frame) {
      const map = holder.firstChild;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
      const north = middle(frame.north - (at.y - frame.margin) / frame.units, 250 / 111320);
      const step = 250 / 111320 / Math.cos(north * Math.PI / 180);
      const west = middle(frame.west + (at.x - frame.margin) / frame.units / frame.squeeze, step);
      pin.value = `${west.toFixed(5)},${north.toFixed(5)}`;
      const side = 250 / 111320 * frame.units;
      const square = map.querySelector(".mark") || map.appendChild(document.createElementNS(map.namespaceURI, "rect"));
      const place = { class: "mark", width: side, height: side,
        x: (west - frame.west) * frame.squeeze * frame.units + frame.margin - side / 2,
        y: (frame.north - north) * frame.units + frame.margin - side / 2 };
      Object.entries(place).forEach(([name, value]) => square.setAttribute(name, value));
      if (event.target.dataset.area) form.elements.area.value = event.target.dataset.area;
      say();
    }

    function say() {
      said.hidden = false;
      said.textContent = pin.value ? said.dataset.set : said.dataset.none;
      find("pin-forget").hidden = !pin.value;
    }
  }

  function middle(degrees, step) {
    return (Math.floor(degrees / step) + 0.5) * step;
  }

  function numbers(data) {
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Number(value)]));
  }

  function hidden(name, value) {
    return Object.assign(document.createElement("input"), { type: "hidden", name, value });
  }
})();
