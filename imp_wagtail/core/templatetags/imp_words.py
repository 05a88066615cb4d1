"""Words in the reader's language: in a row, and those that are the same on every page."""

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from imp_wagtail.core.words import in_a_row

register = template.Library()

register.filter("in_a_row", in_a_row)


class UnchangingNode(template.Node):
    """Renders what is in it once for each language, for as long as the template is kept."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.rendered: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self.rendered or context.template.engine.debug:
            self.rendered[language] = self.nodelist.render(context.new())
        return self.rendered[language]


@register.tag
def unchanging(parser: Parser, token: Token) -> UnchangingNode:
    """``{% unchanging %} ... {% endunchanging %}``: words that depend on nothing but the reader's language.

    They are put together once and then kept. No variable is seen in there, so that nothing of one reader's page comes
    to another one, and there can be no blocks, because each template fills them in its own way.
    """
    nodelist = parser.parse(["endunchanging"])
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise template.TemplateSyntaxError(gettext_lazy("There can be no block within “unchanging”."))
    return UnchangingNode(nodelist)
