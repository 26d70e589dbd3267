/* Uploaded images: other encoders' files lose their words and keep their
 * picture; whatever is no whole image of the four types is refused.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/image.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

typedef struct blob_t {
    unsigned char *bytes;
    apr_size_t len;
} blob_t;

static const struct {
    const char *name;
    kuji_image_type_e type;
    int width, height;
} files[] = {
    {"rgb.png", KUJI_IMAGE_PNG, 12, 8},
    {"alpha.png", KUJI_IMAGE_PNG, 12, 8},
    {"palette.png", KUJI_IMAGE_PNG, 9, 5},
    {"baseline.jpg", KUJI_IMAGE_JPEG, 12, 8},
    {"progressive.jpg", KUJI_IMAGE_JPEG, 12, 8},
    {"cmyk.jpg", KUJI_IMAGE_JPEG, 12, 8},
    {"turned.jpg", KUJI_IMAGE_JPEG, 8, 12},
    {"lossy.webp", KUJI_IMAGE_WEBP, 12, 8},
    {"lossless.webp", KUJI_IMAGE_WEBP, 12, 8},
    {"alpha.webp", KUJI_IMAGE_WEBP, 12, 8},
    {"frames.webp", KUJI_IMAGE_WEBP, 12, 8},
    {"loop.gif", KUJI_IMAGE_GIF, 10, 6},
    {"still.gif", KUJI_IMAGE_GIF, 7, 7},
};
enum { FILES = sizeof(files) / sizeof(*files) };

static blob_t slurp(const char *name)
{
    const char *path = apr_pstrcat(unit_pool, unit_source_dir(),
                                   "/t/unit/images/", name, NULL);
    apr_file_t *file;
    apr_finfo_t info;
    blob_t b;

    ck_assert_int_eq(
        apr_file_open(&file, path, APR_READ | APR_BINARY, 0, unit_pool), 0);
    ck_assert_int_eq(apr_file_info_get(&info, APR_FINFO_SIZE, file), 0);
    b.len = (apr_size_t)info.size;
    b.bytes = apr_palloc(unit_pool, b.len);
    ck_assert_int_eq(apr_file_read_full(file, b.bytes, b.len, NULL), 0);
    apr_file_close(file);
    return b;
}

static blob_t join(blob_t a, const void *more, apr_size_t len)
{
    blob_t b = {apr_palloc(unit_pool, a.len + len), a.len + len};

    memcpy(b.bytes, a.bytes, a.len);
    memcpy(b.bytes + a.len, more, len);
    return b;
}

static apr_status_t clean(kuji_image_t *image, blob_t b)
{
    const char *why = NULL;
    apr_status_t rv = kuji_image_clean(image, &why, b.bytes, b.len, unit_pool);

    ck_assert((rv == APR_SUCCESS) == (why == NULL));
    return rv;
}

static blob_t cleaned(const char *name)
{
    kuji_image_t image;
    blob_t b;

    ck_assert_int_eq(clean(&image, slurp(name)), APR_SUCCESS);
    b.bytes = (unsigned char *)image.bytes;
    b.len = image.len;
    return b;
}

static const unsigned char *find(blob_t b, const char *what)
{
    apr_size_t len = strlen(what), i;

    for (i = 0; i + len <= b.len; i++) {
        if (!memcmp(b.bytes + i, what, len)) {
            return b.bytes + i;
        }
    }
    return NULL;
}

static void refused(blob_t b, const char *what)
{
    kuji_image_t image;

    ck_assert_msg(clean(&image, b) == KUJI_EINVAL, "%s is taken", what);
}

START_TEST(keeps_the_picture_alone)
{
    static const char *const words[] = {"SECRET", "http:", "xpacket", "Exif",
                                        "ICC",    "GPS",   "tEXt",    "iTXt"};
    kuji_image_t image, again;
    blob_t b, out;
    unsigned i, j;

    for (i = 0; i < FILES; i++) {
        b = slurp(files[i].name);
        ck_assert_msg(find(b, "SECRET") != NULL, "%s: no SECRET in the fixture",
                      files[i].name);
        ck_assert_msg(clean(&image, b) == APR_SUCCESS, "%s", files[i].name);
        ck_assert_int_eq(image.type, files[i].type);
        ck_assert_int_eq(image.width, files[i].width);
        ck_assert_int_eq(image.height, files[i].height);
        out.bytes = (unsigned char *)image.bytes;
        out.len = image.len;
        for (j = 0; j < sizeof(words) / sizeof(*words); j++) {
            /* A turned JPEG keeps an Exif block of ours. */
            ck_assert_msg(!find(out, words[j]) ||
                              (image.height == 12 && !strcmp(words[j], "Exif")),
                          "%s still holds %s", files[i].name, words[j]);
        }
        ck_assert_int_eq(clean(&again, out), APR_SUCCESS);
        ck_assert_uint_eq(again.len, image.len);
        ck_assert_mem_eq(again.bytes, image.bytes, image.len);
        ck_assert_int_eq(again.width, image.width);
    }
}
END_TEST

/* Every kind of thing that shows: animations keep their loop, a JPEG its
 * turning, nothing its words. */
START_TEST(keeps_what_shows)
{
    blob_t turned = cleaned("turned.jpg"), loop = cleaned("loop.gif"),
           frames = cleaned("frames.webp");
    const unsigned char *exif = find(turned, "Exif");

    ck_assert_ptr_nonnull(exif);
    ck_assert_int_eq(exif[25], 6);
    ck_assert_mem_eq(find(loop, "NETSCAPE2.0") + 11, "\3\1\2\0", 5);
    ck_assert_ptr_nonnull(find(frames, "ANIM"));
    ck_assert_ptr_nonnull(find(cleaned("cmyk.jpg"), "Adobe"));
    ck_assert_ptr_nonnull(find(cleaned("palette.png"), "PLTE"));
    ck_assert_ptr_null(find(cleaned("still.gif"), "NETSCAPE"));
}
END_TEST

START_TEST(refuses_what_is_cut_off)
{
    blob_t whole, part;
    unsigned i;

    for (i = 0; i < FILES; i++) {
        whole = cleaned(files[i].name);
        for (part = whole, part.len = 0; part.len < whole.len; part.len++) {
            refused(part, apr_psprintf(unit_pool, "%s, %lu bytes of it",
                                       files[i].name, (unsigned long)part.len));
        }
    }
}
END_TEST

/* One file, two readings: what follows the image is not stored. */
START_TEST(drops_what_follows)
{
    static const char tail[] = "PK\3\4<script>alert(1)</script>%PDF-1.4";
    kuji_image_t image;
    blob_t b;
    unsigned i;

    for (i = 0; i < FILES; i++) {
        b = cleaned(files[i].name);
        ck_assert_int_eq(clean(&image, join(b, tail, sizeof(tail))), 0);
        ck_assert_uint_eq(image.len, b.len);
        ck_assert_mem_eq(image.bytes, b.bytes, b.len);
    }
}
END_TEST

START_TEST(refuses_other_things)
{
    static const char *const others[] = {
        "",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>",
        "<?xml version=\"1.0\"?><svg/>",
        "<!DOCTYPE html><script>alert(1)</script>",
        "BM\x3a",
        "%PDF-1.4",
        "PK\3\4",
        "GIF88a",
        "\x89PNG\r\n\x1a",
        "RIFF\x24\x01\x01\x01WAVEfmt ",
        "\xff\xd8",
        "II*",
        /* a script whose first statement looks like a GIF's header */
        "GIF89a/*\n=1;alert(1);//*/",
        "GIF89a=1;alert(document.domain)",
    };
    unsigned i;

    for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
        blob_t b = {(unsigned char *)others[i], strlen(others[i])};

        refused(b, others[i]);
    }
}
END_TEST

/* name with len bytes at `at` of the cleaned file replaced. */
static blob_t patched(const char *name, apr_size_t at, const char *by,
                      apr_size_t len)
{
    blob_t b = cleaned(name);

    ck_assert_uint_le(at + len, b.len);
    memcpy(b.bytes + at, by, len);
    return b;
}

START_TEST(refuses_lies)
{
    blob_t jpeg = cleaned("baseline.jpg");
    apr_size_t frame = (apr_size_t)(find(jpeg, "\xff\xc0") - jpeg.bytes),
               scan = (apr_size_t)(find(jpeg, "\xff\xda") - jpeg.bytes);

    refused(patched("still.gif", 6, "\xff\x7f\x01\x00", 4), "a wide GIF");
    refused(patched("still.gif", 6, "\x00\x00", 2), "a GIF of no width");
    refused(patched("still.gif", 6, "\x01\x00", 2), "a frame beyond the GIF");
    refused(patched("baseline.jpg", frame + 5, "\xff\xff\xff\xff", 4),
            "a wide JPEG");
    refused(patched("baseline.jpg", frame + 4, "\x0c", 1), "12 bits a sample");
    refused(patched("baseline.jpg", frame + 1, "\xc9", 1), "arithmetic coding");
    refused(patched("baseline.jpg", frame + 2, "\xff\xff", 2), "a long frame");
    refused(patched("baseline.jpg", scan + 4, "\x09", 1), "nine components");
    refused(patched("rgb.png", 16, "\x7f\xff\xff\xff", 4), "a bad checksum");
    refused(patched("rgb.png", 12, "JHDR", 4), "another first chunk");
    refused(patched("lossy.webp", 4, "\xff\xff\xff\xff", 4), "a long RIFF");
    refused(patched("lossy.webp", 12, "VP8?", 4), "an unknown picture");
    refused(patched("lossless.webp", 20, "\x2e", 1), "a bad signature");
    refused(patched("alpha.webp", 24, "\xff\xff\xff", 3), "another canvas");
    refused(patched("frames.webp", 20, "\x00", 1), "frames without animation");
}
END_TEST

/* A PNG of one IHDR, whose checksum is right. */
static blob_t header_only(const char *sides)
{
    static const unsigned char head[] = {
        0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
    blob_t b = {apr_pcalloc(unit_pool, 33), 33};
    uint32_t crc = 0xffffffff;
    int i, bit;

    memcpy(b.bytes, head, sizeof(head));
    memcpy(b.bytes + 16, sides, 8);
    b.bytes[24] = 8;
    for (i = 12; i < 29; i++) {
        crc ^= b.bytes[i];
        for (bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        }
    }
    for (i = 0; i < 4; i++) {
        b.bytes[29 + i] = (unsigned char)(~crc >> (24 - 8 * i));
    }
    return b;
}

START_TEST(bounds_the_size)
{
    kuji_image_t image;
    const char *why = NULL;
    blob_t b = header_only("\0\0\x20\0\0\0\x20\0"), big;

    ck_assert_int_eq(kuji_image_clean(&image, &why, b.bytes, b.len, unit_pool),
                     KUJI_EINVAL);
    ck_assert_ptr_nonnull(strstr(why, "40 million"));
    b = header_only("\0\0\0\1\0\0\x20\1");
    ck_assert_int_eq(kuji_image_clean(&image, &why, b.bytes, b.len, unit_pool),
                     KUJI_EINVAL);
    ck_assert_ptr_nonnull(strstr(why, "8192"));
    b = header_only("\0\0\0\1\0\0\x20\0");
    ck_assert_int_eq(kuji_image_clean(&image, &why, b.bytes, b.len, unit_pool),
                     KUJI_EINVAL);
    ck_assert_ptr_nonnull(strstr(why, "cut off"));

    b = cleaned("rgb.png");
    big.len = KUJI_IMAGE_MAX + 1;
    big.bytes = apr_pcalloc(unit_pool, big.len);
    memcpy(big.bytes, b.bytes, b.len);
    ck_assert_int_eq(clean(&image, big), KUJI_ETOOBIG);
    big.len--;
    ck_assert_int_eq(clean(&image, big), APR_SUCCESS);
    ck_assert_uint_eq(image.len, b.len);
}
END_TEST

/* A comment of HTML goes, wherever it stands. */
START_TEST(drops_html_in_comments)
{
    static const char html[] = "\xff\xfe\0\x1b<script>alert(1)</script>";
    blob_t b = cleaned("baseline.jpg"), in = b;
    kuji_image_t image;

    in.len = 2;
    in = join(in, html, sizeof(html) - 1);
    in = join(in, b.bytes + 2, b.len - 2);
    ck_assert_int_eq(clean(&image, in), APR_SUCCESS);
    ck_assert_uint_eq(image.len, b.len);
    ck_assert_mem_eq(image.bytes, b.bytes, b.len);
}
END_TEST

START_TEST(names_images)
{
    static const char name[] =
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.jpg";
    static const char *const bad[] = {
        "",
        ".png",
        "00.png",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff",
        "000102030405060708090A0B0c0d0e0f101112131415161718191a1b1c1d1eff.jpg",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.svg",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.jp",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.jpgx",
        "../102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.jpg"};
    unsigned char hash[KUJI_IMAGE_HASH_LEN];
    char out[KUJI_IMAGE_NAME_MAX + 1];
    kuji_image_type_e type;
    unsigned i;

    ck_assert(kuji_image_name_read(hash, &type, name, strlen(name)));
    ck_assert_int_eq(type, KUJI_IMAGE_JPEG);
    ck_assert_int_eq(hash[31], 0xff);
    kuji_image_name(out, hash, type);
    ck_assert_str_eq(out, name);
    kuji_image_name(out, hash, KUJI_IMAGE_WEBP);
    ck_assert_uint_eq(strlen(out), KUJI_IMAGE_NAME_MAX);
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        ck_assert_msg(!kuji_image_name_read(NULL, NULL, bad[i], strlen(bad[i])),
                      "%s", bad[i]);
    }
    ck_assert_str_eq(kuji_image_mime(KUJI_IMAGE_WEBP), "image/webp");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("image");

    UNIT_TEST(suite, keeps_the_picture_alone);
    UNIT_TEST(suite, keeps_what_shows);
    UNIT_TEST(suite, refuses_what_is_cut_off);
    UNIT_TEST(suite, drops_what_follows);
    UNIT_TEST(suite, refuses_other_things);
    UNIT_TEST(suite, refuses_lies);
    UNIT_TEST(suite, bounds_the_size);
    UNIT_TEST(suite, drops_html_in_comments);
    UNIT_TEST(suite, names_images);
    return unit_main(suite);
}
