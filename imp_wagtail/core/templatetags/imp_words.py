"""Words in the reader's language: in a row, and those that are the same on every page."""

from collections.abc import Hashable

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from imp_wagtail.core.words import in_a_row

register = template.Library()

register.filter("in_a_row", in_a_row)


#: So many renderings of one place in a template are kept: of languages and of values.
KEPT = 100


class UnchangingNode(template.Node):
    """Renders what is in it once for each language and for the same values, for as long as the template is kept."""

    def __init__(self, nodelist: NodeList, given: dict[str, FilterExpression]) -> None:
        self.nodelist, self.given = nodelist, given
        self.rendered: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: expression.resolve(context, ignore_failures=True) for name, expression in self.given.items()}
        # Words that are safe as they are equal those that are not, and 1 equals True.
        key = (get_language(), *((type(value), value) for value in values.values()))
        try:
            found = self.rendered.get(key)
        except TypeError:  # of a list, say, which may change
            return self.nodelist.render(context.new(values))
        if found is None or context.template.engine.debug:
            found = self.nodelist.render(context.new(values))
            if len(self.rendered) >= KEPT:
                self.rendered.clear()
            self.rendered[key] = found
        return found


@register.tag
def unchanging(parser: Parser, token: Token) -> UnchangingNode:
    """``{% unchanging %} ... {% endunchanging %}``: words that depend on nothing but the reader's language.

    They are put together once and then kept. ``{% unchanging years year %}``: on these variables as well, whose
    values must be hashable and never change, such as numbers, words, and tuples of them. No other variable is seen in
    there, so that nothing of one reader's page comes to another one, and there can be no blocks, because each
    template fills them in its own way.
    """
    given = {name: parser.compile_filter(name) for name in token.split_contents()[1:]}
    nodelist = parser.parse(["endunchanging"])
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise template.TemplateSyntaxError(gettext_lazy("There can be no block within “unchanging”."))
    return UnchangingNode(nodelist, given)
