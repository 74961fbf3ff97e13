/* 栏目 of the report being written: a draft that no reader knows can be moved into another section. */

import { labelled, make } from "./dom.js";

export function mount(desk, editor) {
  const { sections } = desk.site;
  const { path } = editor.report;
  const choice = make("select", { disabled: true, onchange: () => move().catch((error) => desk.fail(error)) },
    sections.map(({ folder, title }) => make("option", { value: folder, text: title })));
  const field = labelled("栏目", choice, { id: "field-section", hint: " " });
  const hint = field.querySelector(".hint");
  let isMoving = false;

  /** Shows where the report stands, and why it must stay there. */
  async function look() {
    const { section, reason } = await desk.call("GET", desk.address("section", { path }));
    field.hidden = !sections.some(({ folder }) => folder === section); // a page beside the sections
    if (isMoving) return;
    choice.value = section;
    choice.disabled = Boolean(reason);
    hint.textContent = reason || "草稿可以换栏目；发布以后就不换了";
  }

  async function move() {
    const chosen = choice.value;
    isMoving = true;
    try {
      if (!(await editor.saveFirst())) return;
      const moved = await desk.call("POST", "section", { path, section: chosen });
      desk.announce(`已经移到“${sections.find(({ folder }) => folder === chosen).title}”`);
      desk.open("edit", moved.path);
    } finally {
      isMoving = false;
      if (location.hash.endsWith(encodeURIComponent(path))) await look();
    }
  }

  const lookQuietly = () => look().catch((error) => {
    if (!("code" in error)) throw error; // the state of saving says that nobody answers
  });
  editor.form.element.prepend(make("div", { class: "grid" }, field));
  editor.on("saved", (sent) => { if (Object.keys(sent?.fields ?? {}).length) lookQuietly(); }); // words alone change nothing here
  editor.on("reloaded", lookQuietly);
  lookQuietly();
}
