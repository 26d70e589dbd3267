# Turns labelled statements into C (-v out=h or -v out=c).
#
# A file holds statements, each after a line "-- :name label"; other comment
# lines are dropped. Labels are unique over all files; a statement's label is
# its prepared statement's name.
#
# SPDX-License-Identifier: Apache-2.0
function fail(why) {
    printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
    failed = 1
    exit 1
}
/^-- :name / {
    label = $3
    if (label !~ /^[a-z][a-z0-9_]*$/) fail("bad label " label)
    if (label in seen) fail("label twice: " label)
    seen[label] = 1
    labels[++count] = label
    next
}
/^[ \t]*--/ || /^[ \t]*$/ { next }
{
    if (label == "") fail("text before the first label")
    line = $0
    gsub(/\\/, "\\\\", line)
    gsub(/"/, "\\\"", line)
    sub(/;[ \t]*$/, "", line)
    text[label] = text[label] "\n        \"" line "\\n\""
}
END {
    if (failed) exit 1
    for (i = 1; i <= count; i++) {
        if (!(labels[i] in text)) { print "empty: " labels[i] > "/dev/stderr"; exit 1 }
    }
    print "/* Made from sql/queries/ by build-aux/queries.awk. */"
    if (out == "h") {
        print "#ifndef KUJI_SQL_QUERIES_H\n#define KUJI_SQL_QUERIES_H\n"
        print "typedef enum kuji_query_e {"
        for (i = 1; i <= count; i++) print "    KUJI_Q_" toupper(labels[i]) ","
        print "    KUJI_Q_COUNT\n} kuji_query_e;\n"
        print "typedef struct kuji_query_t {\n    const char *label;\n    const char *text;\n} kuji_query_t;\n"
        print "extern const kuji_query_t kuji_queries[KUJI_Q_COUNT];\n"
        print "#endif"
    }
    else {
        print "#include \"sql/queries.h\"\n"
        print "const kuji_query_t kuji_queries[KUJI_Q_COUNT] = {"
        for (i = 1; i <= count; i++)
            print "    [KUJI_Q_" toupper(labels[i]) "] = {\"" labels[i] "\"," text[labels[i]] "},"
        print "};"
    }
}
