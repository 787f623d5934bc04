/**
 * Who is recorded in `metadata.managedFields` as the writer of what Fairlead writes into a cluster. Any client may call itself so:
 * it tells what Fairlead has written from what was copied, restored or typed, and proves nothing.
 */
export const fieldManager = 'fairlead';
