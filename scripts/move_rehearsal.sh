#!/bin/sh
# Rehearse the move of a server: back up the home OLD, restore it into the empty folder NEW, serve NEW at another
# address, and ask there as a phone does. OLD stays as it is, but for a key that is ended again.
#
#   scripts/move_rehearsal.sh OLD NEW [PORT]
#
# PASAJ is the command (default: pasaj), PYTHON a Python 3. Exit code 0: forms, lists and sending work with the
# same key at the new address.
set -eu
[ $# -ge 2 ] || { sed -n '2,8p' "$0"; exit 2; }
OLD=$1 NEW=$2 PORT=${3:-8765}
PASAJ=${PASAJ:-pasaj} PYTHON=${PYTHON:-python3}
FOLDER=$(mktemp -d)
SERVER=
KEY=
BEGUN=$(date +%s)

at() { home=$1; shift; PASAJ_HOME=$home $PASAJ "$@"; }
say() { echo "$(( $(date +%s) - BEGUN )) s  $*"; }
end() {
    code=$?
    [ -z "$SERVER" ] || { kill "$SERVER" 2>/dev/null && wait "$SERVER" 2>/dev/null; } || true
    [ -z "$KEY" ] || at "$OLD" app-user revoke "$KEY" >/dev/null || true
    rm -rf "$FOLDER"
    exit $code
}
trap end EXIT
trap 'exit 130' INT TERM

# Asked as ODK Collect asks: the list, every form and file by its MD5, and whether a report may be sent.
cat > "$FOLDER/phone.py" <<'PHONE'
import hashlib, sys, time, urllib.error, urllib.request
from xml.etree import ElementTree

base, server_is_up = sys.argv[1].rstrip("/"), False
origin = base.split("/key/")[0]

def ask(url, method="GET"):
    wanted = urllib.request.Request(url, method=method, headers={"X-OpenRosa-Version": "1.0"})
    with urllib.request.urlopen(wanted, timeout=30) as answer:
        return answer.status, answer.read()

def text(row, name):
    return next((one.text or "" for one in row if one.tag.rpartition("}")[2] == name), "")

def same(row, what):
    url, expected = text(row, "downloadUrl"), text(row, "hash").removeprefix("md5:")
    if not url.startswith(origin):
        sys.exit(f"{what} is said to be at {url}, which is not the new address")
    data = ask(url)[1]
    if hashlib.md5(data).hexdigest() != expected:
        sys.exit(f"{what} is not what the list says")
    return len(data)

for _ in range(240):
    try:
        ask(f"{origin}/healthz")
        break
    except (urllib.error.URLError, OSError):
        time.sleep(0.5)
else:
    sys.exit("the new server does not answer")
forms = list(ElementTree.fromstring(ask(f"{base}/formList")[1]))
files = 0
for form in forms:
    same(form, text(form, "formID"))
    manifest = text(form, "manifestUrl")
    for row in ElementTree.fromstring(ask(manifest)[1]) if manifest else ():
        same(row, text(row, "filename"))
        files += 1
if ask(f"{base}/submission", "HEAD")[0] != 204:
    sys.exit("reports are not taken")
print(f"forms {len(forms)}, files {files}, reports are taken")
PHONE

say "a key, given by the old home"
at "$OLD" app-user add "Rehearsal of a move" --days 1 --out "$FOLDER/key.png" --json > "$FOLDER/key.json"
KEY=$("$PYTHON" -c 'import json,sys; print(json.load(open(sys.argv[1]))["code"])' "$FOLDER/key.json")
TOKEN=$("$PYTHON" -c 'import json,sys; print(json.load(open(sys.argv[1]))["server_url"].rstrip("/").rpartition("/")[2])' "$FOLDER/key.json")
say "backup"
at "$OLD" backup "$FOLDER/move.tar.gz" >/dev/null
say "restore"
at "$NEW" restore "$FOLDER/move.tar.gz" >/dev/null
at "$NEW" init >/dev/null
say "the new server"
PASAJ_HOME=$NEW PASAJ_URL="http://localhost:$PORT" $PASAJ serve --port "$PORT" > "$FOLDER/serve.log" 2>&1 &
SERVER=$!
say "asked with the same key: $("$PYTHON" "$FOLDER/phone.py" "http://localhost:$PORT/key/$TOKEN")"
say "the audit log: $(at "$NEW" audit verify | tail -1)"
