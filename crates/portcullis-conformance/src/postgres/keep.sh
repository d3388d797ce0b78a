# Keeps a PostgreSQL server as long as standard input is open.
# $1: the folder of its programs. $2: lines for postgresql.conf.
folder=$(mktemp -d "${TMPDIR:-/tmp}/pg-XXXXXXXX") || folder=$(mktemp -d /tmp/pg-XXXXXXXX) || exit 1
data=$folder/data
end() {
    "$1/pg_ctl" stop -s -m immediate -D "$data" >"$folder/stop" 2>&1
    rm -rf "$folder"
}
# Without fsync: what survives a crash of the machine is nothing that a test asks. With connections
# for as many tests at once as there are processors: each may hold four processes' pools of eight.
{
    "$1/initdb" -A trust -U postgres -E UTF8 --locale=C --no-sync -D "$data" &&
        printf '%s\n' "fsync = off" "max_connections = 300" "listen_addresses = ''" \
            "unix_socket_directories = '$folder'" "$2" >>"$data/postgresql.conf" &&
        "$1/pg_ctl" start -w -s -D "$data" -l "$folder/log" </dev/null
} >"$folder/out" 2>&1 || {
    cat "$folder/out" "$folder/log" 2>/dev/null
    end "$1"
    exit 1
}
echo "ready $folder"
# The end of whoever started this, of any kind, ends the wait.
while read -r _; do :; done
end "$1"
