#!/bin/sh
# Start newsgen by double-click on macOS.
exec /bin/sh "$(dirname "$0")/写稿.sh"
