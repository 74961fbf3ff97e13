/* The form for front matter: a field for each key that fits the kind, hints at the field, rare ones folded. */

import { Composition } from "./composition.js";
import { inOrder, labelled, make, setFault } from "./dom.js";

const YES = /^(是|yes|true|y|1)$/i;
const SEPARATOR = /[,，、;；\n]/; // as parse_list() of core/scalars.py has it: a name may have blanks in it
const SUGGESTED = 12; // names offered at a field at most

const namesIn = (text) => text.split(SEPARATOR).map((name) => name.trim());
const idOf = (key) => `field-${key.replace(/[^\w-]/g, "_")}`;
const WIDE = new Set(["title", "subtitle", "summary", "attachments", "original", "branch", "tags"]);

/** One field: its control, and its value as the API has it: null for nothing. */
class Field {
  constructor(form, spec, value, locked) {
    Object.assign(this, { form, spec });
    this.value = value ?? null;
    this.isLocked = Boolean(locked);
    this.control = this[spec.input] ? this[spec.input]() : this.text();
    this.show();
    const kind = `of-${spec.input} ${WIDE.has(spec.key) ? "wide" : ""}`;
    this.element = labelled(spec.label, this.control, {
      id: idOf(spec.key), hint: locked || spec.hint, required: spec.is_required && !locked, kind,
    });
    if (spec.input === "yes") this.element.prepend(this.control);
    if (locked) this.control.disabled = true;
    else this.offer();
  }

  text() {
    return make("input", { type: "text", autocomplete: "off", oninput: () => this.typed(this.control.value) });
  }

  lines() {
    return make("textarea", { rows: "3", oninput: () => this.typed(this.control.value) });
  }

  choice() {
    return make("select", { onchange: () => this.typed(this.control.value) },
      ["", ...this.spec.choices].map((text) => make("option", { value: text, text: text || "（不填）" })));
  }

  yes() {
    return make("input", { type: "checkbox", onchange: () => this.typed(this.control.checked ? "是" : "") });
  }

  /** Attachments, one a line: the file, and the words that readers see. They come in through the tray. */
  files() {
    this.rows = new Map(); // file -> {element, words}
    this.none = make("li", { class: "none", tabindex: "-1", text: "没有附件" });
    return make("ul", { class: "attached" });
  }

  /** Names of the site that fit what is being typed, to be added by a click. */
  offer() {
    const names = { branch: this.form.site.branches, tags: this.form.site.tags }[this.spec.key] ?? [];
    if (!names.length) return;
    const row = make("div", { class: "offers", role: "group", "aria-label": `${this.spec.label}：点一下就填上` });
    const show = () => {
      const parts = namesIn(this.control.value);
      const last = parts[parts.length - 1];
      const free = names.filter((name) => !parts.includes(name));
      const fitting = free.filter((name) => last && name.includes(last));
      row.replaceChildren(...(fitting.length ? fitting : free).slice(0, SUGGESTED).map((name) =>
        make("button", { type: "button", text: name, onclick: () => {
          const kept = namesIn(this.control.value).filter((part) => part && !(fitting.length && part === last));
          this.set([...kept, name].join("、"), true);
          this.control.focus();
        } })));
    };
    this.reoffer = show;
    this.control.addEventListener("input", show);
    show();
    this.element.append(row);
  }

  typed(value) {
    const before = this.value;
    this.value = value === "" ? null : value;
    this.form.changed(this.spec.key, before, this.value);
  }

  /** Another value that a person types elsewhere. */
  retyped(value) {
    this.typed(value);
    this.show();
  }

  /** Another value. `isDone`: a person did it, so that it can be undone. */
  set(value, isDone = false) {
    const before = this.value;
    this.value = value === "" ? null : value ?? null;
    this.show();
    if (this.reoffer) this.reoffer();
    if (isDone) this.form.changed(this.spec.key, before, this.value, false);
  }

  show() {
    const { input } = this.spec;
    if (input === "yes") this.control.checked = YES.test(this.value ?? "");
    else if (input === "files") this.showFiles();
    else if (this.control.value !== (this.value ?? "")) this.control.value = this.value ?? "";
  }

  /** Shows the attachments; a row that is there stays, so that what has the focus or is being clicked does. */
  showFiles() {
    const files = Array.isArray(this.value) ? this.value : [];
    for (const [name, { element }] of this.rows) {
      if (files.some(({ file }) => file === name)) continue;
      element.remove();
      this.rows.delete(name);
    }
    for (const { file, name } of files) {
      if (!this.rows.has(file)) this.rows.set(file, this.row(file));
      const { words } = this.rows.get(file);
      if (words.value.trim() !== (name ?? "")) words.value = name ?? "";
    }
    if (files.length) this.none.remove();
    else this.control.append(this.none);
    inOrder(this.control, files.map(({ file }) => this.rows.get(file).element));
  }

  row(file) {
    const words = make("input", {
      type: "text", disabled: this.isLocked, "aria-label": `${file} 显示的名称`, placeholder: "显示的名称（不填就用文件名）",
      oninput: () => this.nameFile(file, words.value.trim()),
    });
    const away = make("button", { type: "button", class: "quiet", disabled: this.isLocked, text: "去掉", "aria-label": `去掉附件 ${file}`,
      onclick: () => {
        const next = element.nextElementSibling ?? element.previousElementSibling;
        this.setFiles(this.value.filter((item) => item.file !== file));
        (next?.querySelector("button") ?? this.none).focus();
      } });
    const element = make("li", {}, make("span", { class: "file", text: file }), words, away);
    return { words, element };
  }

  nameFile(file, name) {
    if (this.value.some((item) => item.file === file && (item.name ?? "") !== name)) {
      this.typed(this.value.map((item) => (item.file === file ? { ...item, name } : item)));
    }
  }

  setFiles(files) {
    this.set(files.length ? files : null, true);
  }
}

/** The form. `changed(key, before, after, isTyping)` is called for each change that a person makes. */
export class Form {
  constructor(site, report, changed) {
    Object.assign(this, { site });
    this.told = changed;
    this.locked = report.locked ?? {};
    this.values = { ...report.fields };
    this.kindNow = null;
    this.fields = new Map();
    this.composed = null; // {key, before}: the field in which an input method composes
    this.kind = make("select", { onchange: () => this.changeKind(this.kind.value) },
      site.kinds.map(({ typed, label }) => make("option", { value: typed, text: label })));
    this.grid = make("div", { class: "grid" });
    this.rare = make("div", { class: "grid" });
    this.more = make("details", { class: "more" }, make("summary", { text: "少用的几项" }), this.rare);
    this.element = make("div", { class: "form" }, this.grid, this.more);
    this.composition = new Composition(this.element, { ended: () => this.tellComposed() });
    this.build();
  }

  get isComposing() {
    return this.composition.isOn;
  }

  /** Tells what an input method has done with a field, as one change. */
  tellComposed() {
    const { key, before } = this.composed ?? { key: null };
    this.composed = null;
    if (key === null) this.told(null);
    else this.told(key, before, this.values[key] ?? null, true);
  }

  /** The kind as the site names it. */
  kindOf(values) {
    return this.site.kinds.find(({ typed, name }) => [typed, name].includes(values.kind)) ?? this.site.kinds[0];
  }

  build() {
    const kind = this.kindOf(this.values);
    this.kindNow = kind.name;
    this.kind.value = kind.typed;
    this.fields = new Map();
    const shown = new Set(kind.fields.map(({ key }) => key));
    const others = Object.values(this.site.fields).filter(({ key }) => !shown.has(key) && this.values[key] !== undefined);
    const specs = [...kind.fields, ...others.map((spec) => ({ ...spec, is_rare: true }))];
    const made = specs.map((spec) => {
      const field = new Field(this, spec, this.values[spec.key], this.locked[spec.key]);
      this.fields.set(spec.key, field);
      return field;
    });
    const kindField = labelled("类型", this.kind, { id: "field-kind" });
    const usual = made.filter(({ spec }) => !spec.is_rare);
    this.grid.replaceChildren(...usual.slice(0, 1).map(({ element }) => element), kindField, ...usual.slice(1).map(({ element }) => element));
    this.rare.replaceChildren(...made.filter(({ spec }) => spec.is_rare).map(({ element }) => element));
    this.more.hidden = !this.rare.children.length;
  }

  changeKind(typed) {
    const before = this.values.kind ?? null;
    this.values.kind = typed;
    this.build();
    this.kind.focus();
    this.told("kind", before, typed, false);
  }

  changed(key, before, after, isTyping = true) {
    if (after === null) delete this.values[key];
    else this.values[key] = after;
    if (this.isComposing && isTyping) this.composed ??= { key, before };
    else this.told(key, before, after, isTyping);
  }

  /** Sets a value that comes from undo or from elsewhere. */
  set(key, value) {
    if (value === null || value === undefined) delete this.values[key];
    else this.values[key] = value;
    const field = this.fields.get(key);
    if (key === "kind" || !field) this.build();
    else field.set(value);
  }

  /** All values anew, as the disk has them. */
  setAll(report) {
    this.lock(report.locked ?? {});
    for (const key of new Set([...Object.keys(this.values), ...Object.keys(report.fields)])) {
      if (JSON.stringify(this.values[key]) !== JSON.stringify(report.fields[key])) this.set(key, report.fields[key]);
    }
  }

  /** Which fields cannot be changed here, and why: {key: reason}. */
  lock(locked) {
    if (JSON.stringify(locked) === JSON.stringify(this.locked)) return;
    this.locked = locked;
    const key = [...this.fields.keys(), "kind"].find((one) => this.control(one) === document.activeElement);
    this.build();
    if (key) this.goTo(key);
  }

  control(key) {
    return key === "kind" ? this.kind : this.fields.get(key)?.control;
  }

  /** Says at a field what is wrong with its value; null takes it back. */
  fault(key, error) {
    const control = this.control(key);
    if (control) setFault(control, error ? [error.message, error.hint].filter(Boolean).join("。") : "");
  }

  /** Brings a field into sight and goes to it; false where the form has none for the key. */
  goTo(key) {
    const control = this.control(key);
    if (!control) return false;
    if (this.more.contains(control)) this.more.open = true;
    control.focus();
    control.scrollIntoView({ block: "center" });
    return true;
  }
}
