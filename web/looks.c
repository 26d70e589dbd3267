/* SPDX-License-Identifier: Apache-2.0 */
#include "web/looks.h"

#define DEFAULT_THEME "ennichi"

json_t *kuji_looks_picture(const kuji_picture_t *picture, kuji_web_t *web)
{
    json_t *out;

    if (!picture->name) {
        return NULL;
    }
    out = json_pack("{s:o}", "src",
                    json_sprintf("%s/i/%s", web->prefix, picture->name));
    if (picture->width) {
        json_object_set_new(out, "width", json_integer(picture->width));
        json_object_set_new(out, "height", json_integer(picture->height));
    }
    return out;
}

static void add_picture(json_t *data, const char *key,
                        const kuji_picture_t *picture, kuji_web_t *web)
{
    json_t *value = kuji_looks_picture(picture, web);

    if (value) {
        json_object_set_new(data, key, value);
    }
}

void kuji_looks_add(json_t *data, kuji_web_t *web)
{
    static const kuji_looks_t none = {.version = 0};
    const kuji_campaign_t *c = web->campaign;
    const kuji_looks_t *looks = c->looks ? c->looks : &none;
    const char *theme = json_string_value(json_object_get(c->config, "theme"));

    theme = looks->base ? looks->base : theme ? theme : DEFAULT_THEME;
    json_object_set_new(data, "theme", json_string(theme));
    add_picture(data, "logo", &looks->logo, web);
    add_picture(data, "visual", &looks->visual, web);
    if (looks->version && !json_object_get(data, "theme_css")) {
        json_object_set_new(data, "theme_css",
                            json_sprintf("%s/k/%s/theme.css?v=%d", web->prefix,
                                         c->slug, looks->version));
    }
}
