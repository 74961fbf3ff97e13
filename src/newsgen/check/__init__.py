"""Checks: articles, files and the site by rules (`newsgen check`), and a built folder before it is published.

pipeline.py         `newsgen check` from its beginning to its end; selection.py: the files that it is about
article_text.py     a Markdown file -> its text as readers see it; article_check.py: the rules over it
file_check.py       all kinds of files, in several processes; attachment_reader.py, attachments.py: the text of attachments,
                    by office_text.py and pdf_text.py
site_check.py       the rules over the whole site; site_check_cache.py: their findings, kept until site_sources.py change
vanished.py         addresses that lead nowhere by now; external_links.py: those of other sites
rule.py, rules/     the rules, and each finding.py; dates.py and numerals.py read text for them
vocabulary.py, lexicon.py   the words of the publicity office, found by automaton.py
fix.py              corrections that are beyond doubt
formats.py, inspection_report.py, rule_reference.py   findings for programs, for people, and docs/checking.md

output.py           a built folder: nothing in it that must not be public, nothing missing, nothing altered
links.py            no link that leads nowhere
published_metadata.py   no metadata in a published picture; original_metadata.py: that of originals, about people
gate.py             what is never published: personal numbers, forged signatures (verified_signatures.py)
"""
