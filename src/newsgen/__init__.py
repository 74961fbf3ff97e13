"""newsgen: a static site generator for the 党群工作 section of a Chinese college.

The pipeline, in the order in which values flow (CONTRIBUTING.md has the picture):

    config    site.yaml                    -> Config
    content   content/                     -> Content   (every file parsed, every fault noted)
    images    the photos that are named    -> Picture   (size and digest, nothing written)
    site      Content at one moment        -> Site      (what is public, where it lives, who links whom)
    plan      Site, templates, theme       -> Outputs   (path, kind, named parts, fingerprint)
    render    stale Outputs                -> bytes
    write     bytes                        -> the output folder, whole or not at all

build/pipeline.py composes them; cli alone prints and sets exit codes.
"""

__version__ = "0.1.0"
