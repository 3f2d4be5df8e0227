"""From the HTML of an old post to the blocks of this site.

nh3 takes out what must never get in (`markup.py`). What is left becomes runs of text (`runs.py`),
and only those are written down again: no tag and no attribute of the source is ever copied.
"""

from .converter import convert
from .text import Converted, Picture

__all__ = ["Converted", "Picture", "convert"]
