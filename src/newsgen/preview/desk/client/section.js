/* 栏目 of the report being written: a draft that no reader knows can be moved into another section. */

import { labelled, make } from "./dom.js";

const AGAIN = 4000; // ms after which an answer that did not come is asked for again

export function mount(desk, editor) {
  const { sections } = desk.site;
  const { path } = editor.report;
  const choice = make("select", { disabled: true, onchange: () => move().catch((error) => desk.fail(error)) },
    sections.map(({ folder, title }) => make("option", { value: folder, text: title })));
  const field = labelled("栏目", choice, { id: "field-section", hint: " " });
  const hint = field.querySelector(".hint");
  let isMoving = false;
  let asked = 0;
  let timer = 0;
  let place = ""; // the section in which the report stands

  /** Shows where the report stands, and why it must stay there. */
  async function look() {
    const mine = (asked += 1);
    clearTimeout(timer);
    let found;
    try {
      found = await desk.call("GET", desk.address("section", { path }));
    } catch (error) {
      if (!("code" in error)) throw error; // the state of saving says that nobody answers
      if (error.isPassing && mine === asked && !editor.isOver) timer = setTimeout(look, AGAIN);
      return;
    }
    if (mine !== asked) return;
    const { section, reason } = found;
    field.hidden = !sections.some(({ folder }) => folder === section); // a page beside the sections
    if (isMoving) return;
    place = choice.value = section;
    choice.disabled = Boolean(reason);
    hint.textContent = reason || "草稿可以换栏目；发布以后就不换了";
  }

  async function move() {
    const chosen = choice.value;
    let moved = null;
    isMoving = true;
    try {
      if (!(await editor.saveFirst())) return;
      moved = await desk.call("POST", "section", { path, section: chosen });
      desk.announce(`已经移到“${sections.find(({ folder }) => folder === chosen).title}”`);
      if (!editor.isOver) desk.open("edit", moved.path); // else somebody went on meanwhile
    } finally {
      isMoving = false;
      if (!moved) choice.value = place;
      if (location.hash.endsWith(encodeURIComponent(path))) await look();
    }
  }

  editor.form.element.prepend(make("div", { class: "grid" }, field));
  editor.on("saved", (sent) => { if (Object.keys(sent?.fields ?? {}).length) look(); }); // words alone change nothing here
  editor.on("reloaded", look);
  editor.on("closed", () => clearTimeout(timer));
  look();
}
