/* Merge fields in the editor of a letter's wording: a menu that inserts one, and a mark on each in the text.

   A field is plain text, "{name}", however it came there. Registered with Wagtail's editor under one name, which the
   options of an editor that offers fields have in them; see letters/rich_text.py. */
(() => {
  const TYPE = "imp-merge-field";
  const FIELD = /\{([^{}\s]*)\}/g;
  const { React, DraftJS, draftail } = window;
  const { createElement: h, useEffect, useRef, useState } = React;

  /** How many there are on the page, so that each has an identifier of its own. */
  let menus = 0;

  /** What the server says of the fields: the same in every editor that offers them. */
  let offered;
  function options() {
    for (const input of offered ? [] : document.querySelectorAll("[data-w-init-detail-value]")) {
      const { controls = [] } = JSON.parse(input.dataset.wInitDetailValue);
      offered ??= controls.find((control) => control.type === TYPE);
    }
    return offered ?? { fields: [], labels: {} };
  }

  /** The editor's state with the field at the cursor, or in place of what is selected. */
  function withField(state, name) {
    const content = DraftJS.Modifier.replaceText(
      state.getCurrentContent(),
      state.getSelection(),
      `{${name}}`,
      state.getCurrentInlineStyle(),
    );
    const changed = DraftJS.EditorState.push(state, content, "insert-characters");
    return DraftJS.EditorState.forceSelection(changed, content.getSelectionAfter());
  }

  function MergeFieldMenu({ getEditorState, onChange }) {
    const { fields, labels } = options();
    const [isOpen, setOpen] = useState(false);
    const root = useRef(null);
    const list = useRef(null);
    const wasInText = useRef(false);
    const [id] = useState(() => `${TYPE}-menu-${(menus += 1)}`);
    const toggle = () => root.current.querySelector("button");
    const items = () => [...list.current.querySelectorAll("button")];
    wasInText.current ||= getEditorState().getSelection().getHasFocus();

    useEffect(() => {
      if (!isOpen) return undefined;
      items()[0]?.focus();
      const closeOutside = (event) => root.current.contains(event.target) || setOpen(false);
      document.addEventListener("pointerdown", closeOutside);
      return () => document.removeEventListener("pointerdown", closeOutside);
    }, [isOpen]);

    function insert(name) {
      const state = getEditorState();
      setOpen(false);
      // Nobody has put the cursor anywhere yet: what is added goes to the end.
      onChange(withField(wasInText.current ? state : DraftJS.EditorState.moveSelectionToEnd(state), name));
    }

    function onKeyDown(event) {
      if (!isOpen) return;
      const all = items();
      const at = all.indexOf(document.activeElement);
      const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
      if (event.key === "Escape") {
        setOpen(false);
        toggle().focus();
      } else if (event.key in moves) {
        all.at(moves[event.key] % all.length).focus();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    }

    const leave = (event) => event.relatedTarget && !root.current.contains(event.relatedTarget) && setOpen(false);
    return h(
      "div",
      { className: "imp-field-menu", ref: root, onKeyDown, onBlur: leave },
      h(
        "button",
        {
          type: "button",
          className: "imp-field-menu__toggle",
          "aria-expanded": isOpen,
          "aria-controls": id,
          onClick: () => setOpen(!isOpen),
        },
        labels.insert,
      ),
      h(
        "ul",
        { id, ref: list, hidden: !isOpen, className: "imp-field-menu__list" },
        fields.map(({ name, meaning }) =>
          h(
            "li",
            { key: name },
            h(
              "button",
              { type: "button", onClick: () => insert(name) },
              h("code", null, `{${name}}`),
              h("span", null, meaning),
            ),
          ),
        ),
      ),
    );
  }

  /** A field in the text: known, with what it stands for, or one that no letter has. */
  function MergeField({ decoratedText, children }) {
    const { fields, labels } = options();
    const found = fields.find(({ name }) => `{${name}}` === decoratedText);
    const className = found ? "imp-field" : "imp-field imp-field--unknown";
    return h("span", { className, title: found ? found.meaning : labels.unknown }, children);
  }

  function eachField(block, mark) {
    // Two braces together are the sign itself: they take up what a field's brace would be.
    const text = block.getText().replace(/\{\{|\}\}/g, "  ");
    for (const match of text.matchAll(FIELD)) mark(match.index, match.index + match[0].length);
  }

  draftail.registerPlugin({ type: TYPE, meta: MergeFieldMenu }, "controls");
  draftail.registerPlugin({ type: TYPE, strategy: eachField, component: MergeField }, "decorators");
})();
