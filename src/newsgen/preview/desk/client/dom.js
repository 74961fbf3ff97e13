/* Elements, made of texts and other elements: never of HTML, so that nothing that somebody typed is run. */

/** An element with attributes, properties (`on…`, `value`, `checked`, …) and children; null and false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A dialog that is shown at once; `buttons` are [text, value, class]. Gives the value chosen, null when it was closed. */
export function ask(title, content, buttons) {
  return new Promise((resolve) => {
    const choose = (value) => () => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const dialog = make("dialog", { "aria-labelledby": "dialog-title", class: "ask" },
      make("h2", { id: "dialog-title", text: title }),
      make("div", { class: "content" }, content),
      make("p", { class: "buttons" }, buttons.map(([text, value, kind]) =>
        make("button", { type: "button", class: kind || "", text, onclick: choose(value) }))));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      choose(null)();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
