/* A new report: what it is, where it belongs, its title and date; then the editor opens with it. */

import { labelled, make, setFault } from "./dom.js";

/** Today in China, as the form has it. */
function today() {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
}

export async function view(desk, root) {
  const { sections, kinds, usual_sections: usual } = desk.site;
  let asked = 0;
  let isCreating = false;
  let isPlaced = false; // a person chose the section; the kind leaves it alone
  let isNamed = false; // a person typed the short name; the title leaves it alone

  const kind = make("div", { class: "cards", role: "radiogroup", "aria-labelledby": "new-kind" }, kinds.map((item, index) =>
    make("label", { class: "card" },
      make("input", { type: "radio", name: "kind", value: item.name, checked: index === 0, onchange: suit }),
      make("span", { text: item.label }))));
  const section = make("select", { onchange: () => { isPlaced = true; } }, sections.map(({ folder, title }) => make("option", { value: folder, text: title })));
  const title = make("input", { type: "text", autocomplete: "off", oninput: suggest });
  const date = make("input", { type: "text", value: today(), autocomplete: "off" });
  const name = make("input", { type: "text", autocomplete: "off", oninput: () => { isNamed = name.value !== ""; } });
  const wrong = make("p", { class: "fault", role: "alert" });
  const dateField = labelled("日期", date, { id: "new-date", required: true, hint: "活动或发文的日期。例如 2024-03-13，或 2024-03-13 09:30" });
  const places = {
    "new.title": title, "new.date": date, "new.exists": name, "new.section": section,
  };

  /** Shows what the title gives for the address, until a person types a name. */
  async function suggest() {
    const mine = (asked += 1);
    if (isNamed) return;
    if (!title.value.trim()) {
      name.value = "";
      return;
    }
    try {
      const found = await desk.call("GET", desk.address("short-name", { title: title.value }));
      if (mine === asked && !isNamed) offer(found.name);
    } catch (error) {
      if (!("code" in error)) throw error; // the report gets the same name when it is made
    }
  }

  /** Shows a name; who has selected the one before, to type another in its place, has this one selected. */
  function offer(words) {
    const isSelected = document.activeElement === name && name.selectionEnd - name.selectionStart === name.value.length;
    name.value = words;
    if (isSelected) name.select();
  }

  function suit() {
    const chosen = root.querySelector("[name=kind]:checked").value;
    dateField.hidden = chosen === "page";
    if (!isPlaced) section.value = usual[chosen] ?? sections[0].folder;
  }

  async function create(event) {
    event.preventDefault();
    if (isCreating) return; // the button is not switched off, which would take the focus from it
    wrong.textContent = "";
    for (const control of Object.values(places)) setFault(control, "");
    if (!title.value.trim()) {
      setFault(title, "还没有填标题");
      title.focus();
      return;
    }
    isCreating = true;
    try {
      const made = await desk.call("POST", "reports", {
        kind: root.querySelector("[name=kind]:checked").value,
        section: section.value, title: title.value, name: isNamed ? name.value : "", date: date.value,
      });
      if (section.isConnected) desk.open("edit", made.path); // else somebody went on meanwhile
    } catch (error) {
      const text = [error.message, error.hint].filter(Boolean).join("。");
      const control = places[error.code];
      if (control) {
        setFault(control, text);
        control.focus();
      } else {
        wrong.textContent = text;
      }
    } finally {
      isCreating = false;
    }
  }

  const button = make("button", { type: "submit", class: "main", text: "开始写" });
  if (!sections.length) {
    root.append(make("div", { class: "empty" },
      make("p", { class: "say", text: "这个网站还没有栏目。" }),
      make("p", { text: "请管理网站的老师先在 content 文件夹里建一个栏目，再回来写。" })));
    return null;
  }
  root.append(make("form", { class: "sheet", onsubmit: create },
    make("h1", { text: "写新的一篇" }),
    make("fieldset", {}, make("legend", { id: "new-kind", text: "类型" }), kind),
    labelled("栏目", section, { id: "new-section" }),
    labelled("标题", title, { id: "new-title", required: true, hint: "不用书名号，不加句号；以后还可以改" }),
    dateField,
    labelled("网址里的名字", name, { id: "new-name", hint: "填了标题，这里就有它的拼音；可以改短，例如 zhuti-dangri。以后改标题，网址不会变" }),
    wrong,
    make("p", { class: "buttons" }, button, make("a", { class: "button", href: "#/", text: "取消" }))));
  suit();
  title.focus();
  return null;
}
