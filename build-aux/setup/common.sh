# Words that every set-up script shares. Sourced, never run.
#
# SPDX-License-Identifier: Apache-2.0

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "error: $*"
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

# Runs a command with root's rights: as root itself, or through sudo.
as_root() {
    if is_root; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        die "this needs root: run it as root, or install sudo"
    fi
}

# as_user USER COMMAND…: root steps down to USER, anyone else stays.
as_user() {
    local user=$1
    shift
    if is_root && [ "$user" != root ]; then
        setpriv --reuid="$user" --regid="$(id -gn "$user")" --init-groups \
            env HOME=/ "$@"
    else
        "$@"
    fi
}

# Eight hex digits that tell one directory from another.
short_hash() {
    printf '%s' "$1" | sha256sum | cut -c1-8
}

# The number in a pid file, if that process lives and its command line names
# NEEDLE: after a crash or a reboot the number may belong to somebody else.
pid_of() {
    local file=$1 needle=$2 pid
    [ -s "$file" ] || return 1
    read -r pid <"$file" || return 1
    [[ $pid =~ ^[0-9]+$ ]] || return 1
    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$needle" ||
        return 1
    echo "$pid"
}

# wait_gone PID SECONDS
wait_gone() {
    local i
    for ((i = 0; i < $2 * 10; i++)); do
        [ -d "/proc/$1" ] || return 0
        sleep 0.1
    done
    return 1
}

# json_string TEXT: TEXT as a JSON string with its quotes.
json_string() {
    local s=${1//\\/\\\\}
    printf '"%s"' "${s//\"/\\\"}"
}

# random_word LENGTH: letters and digits from the system's generator.
random_word() {
    openssl rand -base64 $(($1 * 2)) | tr -dc 'a-zA-Z0-9' | cut -c1-"$1"
}
