import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/contract.ts';

/** Everything the page may ask of the core: a function per procedure of the contract. */
export type StrataClient = ContractRouterClient<Contract>;
