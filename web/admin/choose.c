/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/choose.h"

#include <apr_strings.h>

void kuji_console_choose(kuji_console_page_t *page)
{
    char made[KUJI_PASSPHRASE_LEN + 1];
    const char *before = kuji_console_get(page, "generated");

    kuji_console_password(page, "new");
    kuji_console_password(page, "again");
    kuji_admin_passphrase(made);
    /* Who has noted one down sees it again. */
    json_object_set_new(page->data, "generated",
                        json_string(before ? before : made));
    json_object_set_new(page->data, "generated_taken",
                        json_boolean(before != NULL));
}

const char *kuji_console_chosen(kuji_console_page_t *page, const char *login)
{
    const char *made = kuji_console_get(page, "generated");
    const char *typed = kuji_console_get(page, "new");
    const char *again = kuji_console_get(page, "again");
    const char *password = made ? made : typed ? typed : "";
    kuji_flaw_e flaw = kuji_password_flaw(password, login);

    if (flaw) {
        kuji_console_error(page, "new",
                           apr_pstrcat(page->pool, "admin.choose.",
                                       kuji_flaw_name(flaw), NULL),
                           NULL);
        return NULL;
    }
    if (!made && (!again || strcmp(again, typed))) {
        kuji_console_error(page, "again", "admin.choose.differs", NULL);
        return NULL;
    }
    return password;
}

apr_status_t kuji_console_encode(char hash[KUJI_HASH_MAX], kuji_web_t *web,
                                 const char *password)
{
    apr_status_t rv = kuji_gate_enter(web->process->bcrypt);

    if (rv == APR_SUCCESS) {
        rv = kuji_admin_encode(hash, password);
        kuji_gate_leave(web->process->bcrypt);
    }
    return rv;
}
