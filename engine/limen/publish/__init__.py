"""The book, readable: a static site with a page for each provision, made from the book and its scenarios.

    from limen.publish.site import write_site

Needs the extra `pages`.
"""
