/* What the directives mean.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CONFIG_H
#define KUJI_CONFIG_H
#endif
