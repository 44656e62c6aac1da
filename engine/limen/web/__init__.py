"""The workbench: pages for analysts, trainers and trainees, and the API, on one local server.

    from limen.web.app import make_app
    from limen.web.settings import Settings

Needs the extra `web`. The same desk, words and decisions as the command.
"""
