#!/usr/bin/env bash
# archive.sh PATH NAME FOLDER CERTIFICATE GAP: stores one finished segment of the write-ahead log, compressed and encrypted
# (CMS, AES-256-GCM, RFC 5652 and 5084). It is PostgreSQL's archive_command; the server runs it in its data folder, under an account
# that may be closed out of the checkout, so it needs nothing but bash, coreutils, gzip and openssl.
#
# Exit status 0 lets the server throw the segment away. While the archive fails, segments wait; beyond `most_waiting` (1 GB) one is given
# up and noted in GAP, because a full disk would stop the portal.
set -euo pipefail
umask 077
path=$1 name=$2 folder=$3 certificate=$4 gap=$5
most_waiting=64

store() {
    local digest stored temporary="$folder/.$name"
    digest=$(sha256sum <"$path") || return 1
    digest=${digest:0:32}
    for stored in "$folder/$name"-*; do
        [ -e "$stored" ] || continue
        [ "$stored" = "$folder/$name-$digest" ] && return 0 # stored before a crash that the server forgot
        echo "archive: $stored is another segment of that name, and is kept" >&2
        return 1
    done
    gzip -1 <"$path" | openssl cms -encrypt -binary -aes-256-gcm -outform DER -out "$temporary" "$certificate" || return 1
    sync "$temporary" && mv "$temporary" "$folder/$name-$digest" && sync "$folder"
}

if store; then exit 0; fi
waiting=(pg_wal/archive_status/*.ready)
if [ "${#waiting[@]}" -gt "$most_waiting" ]; then
    echo "archive: $name is given up, the archive has a gap" >&2
    echo "$name" >>"$gap" || true
    exit 0
fi
exit 1
