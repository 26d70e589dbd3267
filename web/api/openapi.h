/* The text of web/api/openapi.json; the build makes its definition.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_API_OPENAPI_H
#define KUJI_WEB_API_OPENAPI_H

extern const char kuji_openapi[];

#endif
