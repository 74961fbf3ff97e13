"""newsgen: a static site generator for the 党群工作 section of a Chinese college.

The pipeline, in the order in which values flow (CONTRIBUTING.md has the picture):

    config     site.yaml, withdrawn.yaml    -> Config
    content    content/                     -> Documents and Bodies  (every file parsed, every fault noted)
    signoff    documents, `reviews:`        -> the version of each article that readers may see
    site       documents at one moment      -> Site       (what is public, where it lives, who links to whom)
    pages      Site and theme               -> Outputs    (path, kind, named parts, fingerprint)
    render     stale Outputs                -> bytes
    build      all of this                  -> the output folder, whole or not at all
    check      a built folder               -> what speaks against publishing it
    authoring  whatever writes into a site
    preview    the site in the browser, as it would be built now
    publish    a built folder               -> a release that readers see
    core       what all of them use

build/pipeline.py composes them; cli alone prints and sets exit codes.
"""

__version__ = "0.1.0"
