import type { Failure } from '../chat/failure.ts';
import { StoreError } from '../records/store.ts';
import { LedgerError } from '../spending/ledger.ts';

/** What is thrown at the gateway by what it stands on: a store, the ledger, or a fault of our own. */
export function internalFailure(model: string, error: unknown): Failure {
  if (error instanceof LedgerError && error.code === 'unavailable') {
    return {
      kind: 'ledger-locked',
      retryable: true,
      fallbackable: false,
      message: `${model} cannot be asked: the record of what was spent does not work (${plain(error)}), so no cap could hold.`,
      userAction: 'confirm-ledger',
    };
  }
  if (error instanceof StoreError) {
    return {
      kind: 'storage',
      retryable: true,
      fallbackable: false,
      message: `${model} cannot be asked: Patchbay’s storage does not work (${plain(error)}). ${error.code === 'full' ? 'Free some space, then send again.' : 'Reload and send again.'}`,
      userAction: error.code === 'full' ? 'free-space' : 'reload',
    };
  }
  return {
    kind: 'internal',
    retryable: true,
    fallbackable: false,
    message: `${model} did not answer because of a fault in Patchbay${error instanceof Error ? ` (${plain(error)})` : ''}. What was reserved for it stays counted. Send again; if it stays, reload.`,
    userAction: 'retry',
  };
}

/** The lease ran out, the caps were edited or the key was locked between reserving and sending. */
export function lostReservation(model: string): Failure {
  return {
    kind: 'ledger-locked',
    retryable: true,
    fallbackable: false,
    message: `${model} was not asked and nothing was spent: the caps of its key changed in the same moment, or this device slept. Send again.`,
    userAction: 'retry',
  };
}

function plain(error: Error): string {
  return error.message.replace(/\.$/, '');
}
