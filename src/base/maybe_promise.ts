/**
 * A value that is there already, or will be. Returned where one platform answers at once
 * (`node:crypto`) and another only later (WebCrypto), so that the fast one pays for no await.
 */
export type MaybePromise<T> = T | Promise<T>;
