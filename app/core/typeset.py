"""Run as a process of its own: sets one template in one folder, under limits, and ends.

Arguments: template, folder, seconds of CPU, bytes of memory, `tagged` or `plain`, font folders.
Imports nothing of the application; says on stderr only a template's file and line, never data.
"""

import os
import re
import resource
import sys


def main(template: str, folder: str, seconds: str, memory: str, tags: str, *fonts: str) -> None:
    """Writes `folder/document.pdf`; exit status 1 says that the template failed, and where.

    A template with a companion `<template>_frame.typ` finds that one's page as `frame.pdf`.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst

    faces = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts)
    )
    for source, made in ((f"{template}_frame", "frame"), (template, "document")):
        if not os.path.exists(f"{folder}/{source}.typ"):
            continue
        try:
            typst.compile(
                f"{folder}/{source}.typ",
                output=f"{folder}/{made}.pdf",
                root=folder,
                font_paths=faces,
                ignore_system_fonts=True,
                package_path=f"{folder}/none",
                package_cache_path=f"{folder}/none",
                pdf_tags=tags == "tagged",
            )
        except typst.TypstError as error:
            place = re.search(r"(\w+\.typ):(\d+)", error.diagnostic or "")
            sys.stderr.write(f"{place[1]} {place[2]}" if place else "")
            sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
