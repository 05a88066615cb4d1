/* A list of stages in the admin. One that is gone stays in it, marked, so that editors see why they must choose anew. */
(() => {
  const Select = window.telepath.constructors["wagtail.widgets.Select"];

  class StageSelect extends Select {
    constructor(html, gone) {
      super(html);
      this.gone = gone;
    }

    render(placeholder, name, id, state, ...rest) {
      const bound = super.render(placeholder, name, id, state, ...rest);
      const [chosen] = [state ?? ""].flat();
      const isThere = [...bound.input.options].some((option) => option.value === chosen);
      if (chosen && !isThere) bound.input.add(new Option(`${chosen} (${this.gone})`, chosen, true, true));
      return bound;
    }
  }

  window.telepath.register("imp.widgets.StageSelect", StageSelect);
})();
