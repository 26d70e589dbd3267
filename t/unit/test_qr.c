/* QR codes as SVG: the matrix that libqrencode makes, unit by unit.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/qr.h"
#include "t/unit/unit.h"

#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE_MAX 185

/* Draws the path's rectangles into a matrix. */
static void paint(char dark[SIDE_MAX][SIDE_MAX], const char *path)
{
    int x, y, run, back, used, i;

    memset(dark, 0, SIDE_MAX * SIDE_MAX);
    for (; *path; path += used) {
        ck_assert_int_eq(
            sscanf(path, "M%d %dh%dv1h-%dz%n", &x, &y, &run, &back, &used), 4);
        ck_assert_int_eq(run, back);
        for (i = 0; i < run; i++) {
            dark[y][x + i]++;
        }
    }
}

static void same(const char *text)
{
    static char dark[SIDE_MAX][SIDE_MAX];
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    kuji_qr_t qr;
    int x, y;

    ck_assert_int_eq(kuji_qr_make(&qr, text, unit_pool), APR_SUCCESS);
    ck_assert_int_eq(qr.size, code->width + 8);
    paint(dark, qr.path);
    for (y = 0; y < qr.size; y++) {
        for (x = 0; x < qr.size; x++) {
            int inside = x >= 4 && y >= 4 && x < qr.size - 4 && y < qr.size - 4;

            ck_assert_int_eq(
                dark[y][x],
                inside ? code->data[(y - 4) * code->width + x - 4] & 1 : 0);
        }
    }
    QRcode_free(code);
}

START_TEST(matrix)
{
    char longest[KUJI_QR_TEXT_MAX + 1];

    same("https://kuji.example/k/spring");
    same("https://kuji.example/k/spring?code=0123456789ABC");
    same("x");
    memset(longest, 'a', sizeof(longest) - 1);
    longest[KUJI_QR_TEXT_MAX] = '\0';
    same(longest);
}
END_TEST

START_TEST(limits)
{
    char text[KUJI_QR_TEXT_MAX + 2];
    kuji_qr_t qr;

    memset(text, 'a', sizeof(text) - 1);
    text[KUJI_QR_TEXT_MAX + 1] = '\0';
    ck_assert_int_eq(kuji_qr_make(&qr, text, unit_pool), KUJI_ETOOBIG);
    ck_assert_int_eq(kuji_qr_make(&qr, "", unit_pool), KUJI_EINVAL);
}
END_TEST

START_TEST(svg)
{
    kuji_qr_t qr = {29, "M4 4h7v1h-7z"};

    ck_assert_str_eq(
        kuji_qr_svg(&qr, unit_pool),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\" "
        "width=\"232\" height=\"232\" shape-rendering=\"crispEdges\">"
        "<path fill=\"#fff\" d=\"M0 0h29v29H0z\"/>"
        "<path fill=\"#000\" d=\"M4 4h7v1h-7z\"/></svg>\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("qr");

    UNIT_TEST(suite, matrix);
    UNIT_TEST(suite, limits);
    UNIT_TEST(suite, svg);
    return unit_main(suite);
}
