/* SPDX-License-Identifier: Apache-2.0 */
#include "mail.h"
#include "core/mail_address.h"
#include "job/outbox_line.h"
#include "job/outbox_mail.h"
#include "keys.h"
#include "web/letter.h"

#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <http_log.h>
#include <sodium.h>
#include <unistd.h>

APLOG_USE_MODULE(kuji);

#define LOGIN_MAX 1000

static apr_status_t forget(void *login)
{
    sodium_memzero(login, LOGIN_MAX + 1);
    return APR_SUCCESS;
}

/* A line without its end; *next: the one after it. NULL: there is none. */
static char *line_of(char *text, char **next)
{
    apr_size_t len = strcspn(text, "\n");

    *next = text[len] ? text + len + 1 : text + len;
    text[len] = '\0';
    if (len && text[len - 1] == '\r') {
        text[len - 1] = '\0';
    }
    return *text ? text : NULL;
}

static const char *read_login(kuji_mail_server_t *server, int fd,
                              const char *path, apr_pool_t *p)
{
    char *text = apr_pcalloc(p, LOGIN_MAX + 1), *rest;
    ssize_t len = read(fd, text, LOGIN_MAX + 1);

    apr_pool_cleanup_register(p, text, forget, apr_pool_cleanup_null);
    if (len < 0 || len > LOGIN_MAX) {
        forget(text);
        return apr_psprintf(p, "KujiMailLogin %s cannot be read", path);
    }
    server->user = line_of(text, &rest);
    server->password = line_of(rest, &rest);
    if (!server->user || !server->password || *rest) {
        return apr_psprintf(p,
                            "KujiMailLogin %s: two lines are needed, the user "
                            "and the password",
                            path);
    }
    return NULL;
}

static const char *open_login(kuji_mail_server_t *server, const char *path,
                              apr_pool_t *p)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const char *error;

    if (fd < 0) {
        return apr_psprintf(p, "KujiMailLogin %s: %s", path, strerror(errno));
    }
    error = kuji_keys_check(fd, "KujiMailLogin", path, p);
    if (!error) {
        error = read_login(server, fd, path, p);
    }
    close(fd);
    return error;
}

static const char *read_from(kuji_mail_server_t *server,
                             const kuji_installation_t *in, apr_pool_t *p)
{
    kuji_mail_address_t address;

    if (!in->mail_from) {
        return "KujiMailServer needs KujiMailFrom";
    }
    if (kuji_mail_address_read(&address, in->mail_from, strlen(in->mail_from),
                               0)) {
        return "KujiMailFrom is no mail address";
    }
    server->from = apr_pstrdup(p, address.text);
    server->from_name = in->mail_name;
    return NULL;
}

const char *kuji_mail_prepare(const kuji_mail_server_t **out,
                              const kuji_installation_t *in, apr_pool_t *p)
{
    kuji_mail_server_t *server = apr_pcalloc(p, sizeof(*server));
    const char *error;

    *out = NULL;
    if (!in->mail_server) {
        return in->mail_from || in->mail_login
                   ? "KujiMailFrom and KujiMailLogin need KujiMailServer"
                   : NULL;
    }
    error = kuji_mail_server_read(server, in->mail_server, in->mail_word, p);
    if (error) {
        return apr_pstrcat(p, "KujiMailServer: ", error, NULL);
    }
    error = read_from(server, in, p);
    if (!error && in->mail_login) {
        error = open_login(server, in->mail_login, p);
    }
    if (!error && kuji_mailer_init()) {
        error = "libcurl does not start";
    }
    *out = error ? NULL : server;
    return error;
}

static void log_mail(void *baton, int level, apr_status_t rv,
                     const char *message)
{
    ap_log_error(APLOG_MARK, level, 0, baton, "KJ0403: %s", message);
}

static apr_status_t start_mail(kuji_process_t *pr,
                               const kuji_mail_server_t *server,
                               kuji_outbox_config_t *config)
{
    kuji_outbox_mail_config_t *by_mail =
        apr_pcalloc(pr->pool, sizeof(*by_mail));

    by_mail->server = server;
    by_mail->words = kuji_letter_words;
    by_mail->words_baton = (void *)pr->render;
    kuji_outbox_by_mail(&config->carrier, by_mail);
    return kuji_outbox_start(&pr->outbox, config, pr->pool);
}

/* Channels are the tenants' settings: there is always one that may be. */
static apr_status_t start_line(kuji_process_t *pr, kuji_outbox_config_t *config)
{
    kuji_outbox_line_config_t *by_line =
        apr_pcalloc(pr->pool, sizeof(*by_line));

    by_line->line = pr->line;
    by_line->words = kuji_letter_line;
    by_line->words_baton = (void *)pr->render;
    kuji_outbox_by_line(&config->carrier, by_line);
    return kuji_outbox_start(&pr->line_outbox, config, pr->pool);
}

apr_status_t kuji_mail_start(kuji_process_t *pr,
                             const kuji_mail_server_t *server, server_rec *s)
{
    kuji_outbox_config_t config = {
        .pg = pr->pg, .keys = pr->keys, .log = log_mail, .log_baton = s};
    apr_status_t rv = start_line(pr, &config);

    return rv == APR_SUCCESS && server ? start_mail(pr, server, &config) : rv;
}
