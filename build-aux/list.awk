# Turns the lines of a text file, after its head and an empty line, into a C
# array of strings (-v name=symbol -v count=macro -v header=file).
#
# SPDX-License-Identifier: Apache-2.0
BEGIN { printf "#include \"%s\"\n\nconst char *const %s[%s] = {\n", header, name, count }
body {
    gsub(/[\\"]/, "\\\\&")
    printf "    \"%s\",\n", $0
}
/^$/ { body = 1 }
END { print "};" }
