# Which test files run, in which order, and how prove reads each kind.
#
# SPDX-License-Identifier: Apache-2.0

# Cheap and deterministic first; what kills servers next to last; the error
# log is judged, after the servers' stop, by the last one.
areas="guard unit fuzz sql store remote http api participant admin job tools verify browser fault last"

# area_files AREA: its test files, one a line.
area_files() {
    {
        find "../programs/$1" "t/$1" -maxdepth 1 -type f \
            \( -path '../programs/*' -o -name '*.t' \) || true # not all are there
        [ "$1" != sql ] || find sql/test -maxdepth 1 -name '*.sql'
    } 2>/dev/null | sort
}

plan_files() {
    local what of_area
    cd "$KUJI_SRC"
    files=()
    [ $# -gt 0 ] || set -- $areas
    for what in "$@"; do
        if [ -f "$what" ]; then
            files+=("$what")
        else
            mapfile -t of_area < <(area_files "$what")
            [ ${#of_area[@]} -gt 0 ] || die "$what: no area and no file of tests"
            files+=("${of_area[@]}")
        fi
    done
    plan_valgrind
}

# With KUJI_VALGRIND each program is followed by valgrind, which fails it for
# any error or definite leak; libcheck then must not fork.
plan_valgrind() {
    local i wrapper
    [ -n "${KUJI_VALGRIND:-}" ] || return 0
    export CK_FORK=no
    for i in "${!files[@]}"; do
        wrapper=$KUJI_SCRATCH/valgrind/$(basename "${files[i]}").t
        mkdir -p "$KUJI_SCRATCH/valgrind"
        printf '#!/bin/sh\nexec valgrind -q --leak-check=full %s %s "%s"\n' \
            --errors-for-leak-kinds=definite --error-exitcode=99 \
            "$(realpath "${files[i]}")" >"$wrapper"
        chmod +x "$wrapper"
        files[i]=$wrapper
    done
}

# libcheck speaks TAP when told so; pgTAP files go through psql.
run_prove() {
    export CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent
    export PERL5LIB="$KUJI_SRC/t/lib${PERL5LIB:+:$PERL5LIB}"
    prove ${KUJI_PROVE_OPTIONS:-} --timer \
        --source Perl --source Executable \
        --source pgTAP --pgtap-option suffix=.sql \
        --pgtap-option dbname=kuji_sql --pgtap-option username=postgres \
        --pgtap-option host="$PG_SOCKET" --pgtap-option port="$PG_PORT" \
        "${files[@]}"
}
