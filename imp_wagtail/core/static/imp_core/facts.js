/* Facts in the rich text editor: a window to choose one from, and a mark on each in the text.

   What is inserted is a name; its present words stand for it while somebody edits. Words that are selected become a
   link to what the fact is about. See core/facts/editor.py. */
(() => {
  const FACT = "IMP_FACT";
  const LINK = "IMP_FACT_LINK";
  const WAIT = 200;
  const { React, DraftJS, draftail } = window;
  const { createElement: h, useEffect, useRef, useState } = React;
  const { EditorState, Modifier, RichUtils } = DraftJS;

  /** How many windows there were, so that what belongs together has a name of its own. */
  let windows = 0;

  /** The editor's state with a fact at the cursor; over selected words, a link may keep them. */
  function withFact(state, fact) {
    const selection = state.getSelection();
    const { source, of, tell, label, gone, text, leads } = fact;
    const keepsWords = leads && !selection.isCollapsed();
    const content = state
      .getCurrentContent()
      .createEntity(keepsWords ? LINK : FACT, keepsWords ? "MUTABLE" : "IMMUTABLE", { source, of, tell, label, gone });
    const key = content.getLastCreatedEntityKey();
    if (keepsWords) return RichUtils.toggleLink(EditorState.push(state, content, "apply-entity"), selection, key);
    const words = gone || !text ? `[${label}]` : text;
    const changed = Modifier.replaceText(content, selection, words, state.getCurrentInlineStyle(), key);
    const next = EditorState.push(state, changed, "insert-characters");
    return EditorState.forceSelection(next, changed.getSelectionAfter());
  }

  /** The state without the fact that the cursor is in; the words of a link stay. */
  function withoutFact(state, entityKey, type) {
    const content = state.getCurrentContent();
    const block = content.getBlockForKey(state.getSelection().getStartKey());
    let range = null;
    block.findEntityRanges(
      (character) => character.getEntity() === entityKey,
      (start, end) => (range ??= { anchorOffset: start, focusOffset: end }),
    );
    if (!range) return state;
    const all = state.getSelection().merge({ ...range, anchorKey: block.getKey(), focusKey: block.getKey() });
    if (type === LINK) return RichUtils.toggleLink(state, all.merge({ isBackward: false }), null);
    return EditorState.push(state, Modifier.removeRange(content, all.merge({ isBackward: false }), "backward"), "remove-range");
  }

  /** What the server offers for these words; `null` while nobody knows yet. */
  function useGroups(url, words) {
    const [found, setFound] = useState({ groups: null, failed: false });
    useEffect(() => {
      const asked = new AbortController();
      const later = setTimeout(
        () =>
          fetch(`${url}?q=${encodeURIComponent(words)}`, { signal: asked.signal })
            .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
            .then(({ groups }) => setFound({ groups, failed: false }))
            .catch(() => asked.signal.aborted || setFound({ groups: [], failed: true })),
        words ? WAIT : 0,
      );
      return () => {
        clearTimeout(later);
        asked.abort();
      };
    }, [url, words]);
    return found;
  }

  function FactWindow({ editorState, entityType, entityKey, entity, onComplete }) {
    const { url, labels } = entityType;
    const [words, setWords] = useState("");
    const { groups, failed } = useGroups(url, words);
    const dialog = useRef(null);
    const [id] = useState(() => `imp-facts-${(windows += 1)}`);
    const keepsWords = !entity && !editorState.getSelection().isCollapsed();
    const facts = () => [...dialog.current.querySelectorAll(".imp-facts__fact")];

    useEffect(() => {
      dialog.current.showModal();
    }, []);

    function onKeyDown(event) {
      const all = facts();
      const at = all.indexOf(document.activeElement);
      const inField = event.target.matches("input");
      const moves = { ArrowDown: at + 1, ArrowUp: at - 1, ...(inField ? {} : { Home: 0, End: all.length - 1 }) };
      // What is typed here is the window's own: neither the editor's nor the form's around it.
      event.stopPropagation();
      if (inField && event.key === "Enter") {
        event.preventDefault();
        all[0]?.click();
      } else if (event.key in moves && all.length) {
        event.preventDefault();
        if (event.key === "ArrowUp" && at === 0) dialog.current.querySelector("input").focus();
        else all.at(moves[event.key] % all.length).focus();
      }
    }

    // Without a new state nothing changes, and the cursor goes back to where it was.
    const close = () => onComplete(null);
    const choose = (fact) => {
      const state = entityKey ? withoutFact(editorState, entityKey, entityType.type) : editorState;
      onComplete(withFact(state, fact));
    };

    return h(
      "dialog",
      {
        ref: dialog,
        className: "imp-facts",
        "aria-labelledby": `${id}-title`,
        onKeyDown,
        onCancel: (event) => {
          event.preventDefault();
          close();
        },
        onClick: (event) => event.target === dialog.current && close(),
      },
      h("h2", { id: `${id}-title`, className: "imp-facts__title" }, labels.title),
      h("p", { className: "imp-facts__help" }, keepsWords ? labels.words : labels.help),
      h("label", { htmlFor: `${id}-find`, className: "imp-facts__label" }, labels.find),
      h("input", {
        id: `${id}-find`,
        type: "search",
        autoFocus: true,
        autoComplete: "off",
        value: words,
        onChange: (event) => setWords(event.target.value),
      }),
      h(
        "div",
        { className: "imp-facts__groups", "aria-busy": groups === null },
        h("p", { role: "status", className: "imp-facts__none" }, failed ? labels.failed : groups?.length === 0 ? labels.none : ""),
        (groups ?? []).map(({ title, facts: offered }, place) => {
          const shown = keepsWords ? offered.filter(({ leads }) => leads) : offered;
          if (!shown.length) return null;
          return h(
            "section",
            { key: place, "aria-labelledby": `${id}-${place}` },
            h("h3", { id: `${id}-${place}`, className: "imp-facts__subject" }, title),
            h(
              "ul",
              null,
              shown.map((fact) =>
                h(
                  "li",
                  { key: fact.tell },
                  h(
                    "button",
                    { type: "button", className: "imp-facts__fact", onClick: () => choose(fact) },
                    h("span", { className: "imp-facts__called" }, `${fact.called} `),
                    h("span", { className: "imp-facts__says", dir: "auto" }, fact.text || "–"),
                  ),
                ),
              ),
            ),
          );
        }),
      ),
      h(
        "div",
        { className: "imp-facts__ends" },
        entityKey &&
          h(
            "button",
            {
              type: "button",
              className: "button no",
              onClick: () => onComplete(withoutFact(editorState, entityKey, entityType.type)),
            },
            labels.remove,
          ),
        h("button", { type: "button", className: "button button-secondary", onClick: close }, labels.close),
      ),
    );
  }

  /** A fact in the text. A click chooses another one in its place, or takes it away. */
  function mark(isLink) {
    return function Fact({ entityKey, contentState, children, onEdit }) {
      const { label, gone } = contentState.getEntity(entityKey).getData();
      const names = ["imp-fact", isLink && "imp-fact--link", gone && "imp-fact--gone"];
      return h(
        "span",
        {
          className: names.filter(Boolean).join(" "),
          title: label,
          role: "button",
          onMouseUp: () => onEdit(entityKey),
        },
        children,
      );
    };
  }

  draftail.registerPlugin({ type: FACT, source: FactWindow, decorator: mark(false) }, "entityTypes");
  draftail.registerPlugin({ type: LINK, source: FactWindow, decorator: mark(true) }, "entityTypes");
})();
