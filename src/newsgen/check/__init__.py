"""Checks: articles, files and the site by rules (`newsgen check`), and a built folder before it is published.

pipeline.py         `newsgen check` as a whole; selection.py: the files to check
article_text.py     a Markdown file -> its text as readers see it; article_check.py: the rules over it
file_check.py       all kinds of files, in several processes; attachment_reader.py, attachments.py: the text of attachments,
                    by office_text.py and pdf_text.py
site_check.py       the rules over the whole site; site_check_cache.py: their findings, kept until site_sources.py change
vanished.py         addresses that vanished since the last release; external_links.py: dead links to other sites
rule.py, rules/     the rules, and each finding.py; dates.py and numerals.py read text for them
vocabulary.py, lexicon.py   the words of the publicity office, found by automaton.py
fix.py              corrections that are beyond doubt
formats.py, inspection_report.py, rule_reference.py   findings for programs, for people, and docs/checking.md

output.py           a built folder: secret, missing, altered and foreign files
links.py            broken internal links
published_metadata.py   metadata in published pictures; original_metadata.py: metadata in originals about people
gate.py             the refusal of personal numbers and forged signatures (verified_signatures.py)
"""
