# Turns a text file into a C string (-v name=symbol -v header=file).
#
# SPDX-License-Identifier: Apache-2.0
BEGIN { printf "#include \"%s\"\n\nconst char %s[] =\n", header, name }
{
    gsub(/[\\"]/, "\\\\&")
    printf "    \"%s\\n\"\n", $0
}
END { print "    ;" }
