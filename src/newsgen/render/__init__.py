"""Outputs -> bytes: Jinja2 and what it may see.

theme.py             how a site looks: theme and templates, its own over the defaults
renderer.py          an output with its view and text -> the bytes of a file
templates.py         a set of templates: its parts, its faults (syntax_messages.py), its pages
pictures.py          the files of a picture
environment.py       Jinja2 as newsgen runs it
guards.py            what a template may make text of
template_analysis.py what the syntax of templates tells
partial_analysis.py  what a partial reads
precompiled.py       the default templates, compiled once
"""
