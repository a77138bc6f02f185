/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERN_CRYPTO_POLY1305_H
#define KERN_CRYPTO_POLY1305_H

#include <openssl/types.h>

#include "../kern.h"

#define POLY1305_KEY_SIZE 32
#define POLY1305_DIGEST_SIZE 16

struct poly1305_desc_ctx {
	EVP_MAC_CTX *mac;
};

void poly1305_init(struct poly1305_desc_ctx *desc, const u8 *key);
void poly1305_update(struct poly1305_desc_ctx *desc, const u8 *src,
		     unsigned int nbytes);
void poly1305_final(struct poly1305_desc_ctx *desc, u8 *digest);

#endif /* KERN_CRYPTO_POLY1305_H */
