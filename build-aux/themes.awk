# Turns the themes' colours (templates/assets/css/themes.css) into a C table.
#
# SPDX-License-Identifier: Apache-2.0
BEGIN {
    print "#include \"core/theme_int.h\"\n"
    print "const kuji_theme_token_t kuji_theme__tokens[] = {"
}
/prefers-color-scheme: dark/ { night = 1 }
/^\.theme-[a-z]+ \{/ {
    base = $1
    sub(/^\.theme-/, "", base)
}
/^ *--[a-z-]+: #[0-9a-f]+;/ {
    name = $1
    gsub(/^--|:$/, "", name)
    colour = $2
    gsub(/[#;]/, "", colour)
    printf "    {\"%s\", \"%s\", %d, 0x%s},\n", base, name, night, colour
}
END { print "    {NULL, NULL, 0, 0}};" }
