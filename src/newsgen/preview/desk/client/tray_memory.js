/* What the tray knows of photos that no text shows yet: their captions, and the order in which they came. It is kept in this browser,
   over reloads; where a browser keeps nothing, as long as the page is open. */

const MOST = 200; // reports that are remembered
const KEY = "newsgen-desk-tray";

export class TrayMemory {
  constructor(site, path) {
    this.place = `${site} ${path}`;
    const { captions = {}, order = [] } = read()[this.place] ?? {};
    this.captions = new Map(Object.entries(captions));
    this.order = order;
  }

  /** The caption of a photo; undefined where none was ever typed. */
  caption(name) {
    return this.captions.get(name);
  }

  setCaption(name, words) {
    if (this.captions.get(name) === words) return;
    this.captions.set(name, words);
    this.write();
  }

  /** Takes note of a caption that the text has: it is not lost where the photo is taken out of the text again. */
  noteCaption(name, words) {
    if (words || this.captions.has(name)) this.captions.set(name, words);
  }

  /** Files in the order in which they came: those that are known first. */
  inOrder(files) {
    const places = new Map(this.order.map((name, index) => [name, index]));
    const place = ({ name }) => places.get(name) ?? places.size;
    return [...files].sort((one, other) => place(one) - place(other));
  }

  setOrder(names) {
    if (names.join("/") === this.order.join("/")) return;
    this.order = names;
    this.write();
  }

  write() {
    const all = read();
    delete all[this.place]; // the last one written is the newest
    all[this.place] = { captions: Object.fromEntries(this.captions), order: this.order };
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-MOST))));
    } catch {
      /* No room, or none allowed: this page remembers it. */
    }
  }
}

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}
