#!/bin/sh
# Start newsgen by double-click on Linux: find a Python that is new enough; app/start.py does the rest.
CDPATH= cd "$(dirname "$0")" || exit 2
start=app/start.py
[ -f "$start" ] || start=src/newsgen/authoring/starter/app/start.py

tell() {
    printf '%s\n' "$@"
    if [ -t 0 ]; then
        printf '按回车键关闭。'
        read -r _
    fi
    exit 2
}

[ -f "$start" ] || tell '旁边没有 app 文件夹。请把整个文件夹拿过来，再双击这个文件；不要只拿出这一个文件。'

# macOS has a python3 that only offers to download developers' tools, as long as those are missing.
works() {
    [ "$(command -v "$1")" != /usr/bin/python3 ] || [ "$(uname)" != Darwin ] || xcode-select -p || return 1
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))'
}

for python in python/bin/python3 python3.14 python3.13 python3.12 python3.11 python3 python .venv/bin/python; do
    if works "$python" >/dev/null 2>&1; then
        exec "$python" "$start" desk .
    fi
done
tell '没有找到 Python 3.11 或更新的版本。' \
    '  · macOS：从 Python 官网下载“macOS 安装包”，双击安装；' \
    '  · Linux：在系统的软件商店里安装 Python 3，或者请管理员安装 python3 和 python3-venv。' \
    '装好以后，再双击一次。'
