// How html-validate looks at the pages: by all that it recommends, and what stands here.
import { defineConfig } from "html-validate";

export default defineConfig({
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {
    // What somebody chose of a list is sent under one name, and stands so in fields that a page hides; this rule knows
    // that of boxes, and cannot be told it of hidden fields.
    "form-dup-name": "off",
    // Templates leave spaces where their tags stood, which nobody sees.
    "no-trailing-whitespace": "off",
    // What the site serves itself needs no checksum; from elsewhere nothing is taken.
    "require-sri": ["error", { target: "crossorigin" }],
  },
});
