/**
 * The ways in which a contract refuses somebody at this page, in the reader's language, with what to do.
 *
 * `commons/chain/sentences.py` says the same to operators. A test holds this list to the ABIs: an error that is neither
 * here nor in `OPERATORS_ONLY` fails it.
 */

import { exactDecimal, showEur, showKwh, showMoment, showPrice, shortHex, type Language } from '../text/figures';
import { roleName } from './roles';
import { DEAL_SENTENCES } from './sentences-deals';

export type Values = Readonly<Record<string, unknown>>;
export type Sentence = (values: Values, language: Language) => string;

const eur = (value: unknown, language: Language): string => showEur(BigInt(value as bigint), language);
const kwh = (value: unknown, language: Language): string => showKwh(BigInt(value as bigint), language);
const price = (value: unknown, language: Language): string => showPrice(BigInt(value as bigint), language);
const time = (value: unknown, language: Language): string => showMoment(Number(value), language);
const place = (value: unknown): string => String(Number(value) + 1);
const who = (value: unknown): string => shortHex(String(value));
const count = (value: unknown, language: Language): string => exactDecimal(BigInt(value as bigint), 0, 0, language);

export const SENTENCES: Readonly<Record<string, Sentence>> = {
  ...DEAL_SENTENCES,
  // joining, staying, leaving
  SignatureExpired: (v, l) => $localize`The signature was good until ${time(v['deadline'], l)}:time:. Sign again.`,
  InvalidSignature: (v) =>
    $localize`The signature is not one by ${who(v['signer'])}:wallet:. Sign again with that wallet.`,
  InvalidNonce: () =>
    $localize`This application has been handed in before, or another was handed in since. Sign again.`,
  KindMissing: () => $localize`The application does not say whether you are a citizen or a stakeholder. Choose one.`,
  EmptyHash: () => $localize`The adhesion's hash, or the member's number, is missing. Give it.`,
  EmptyAddress: () => $localize`An address is missing. Give it.`,
  WrongStatus: (v) =>
    $localize`The membership of ${who(v['wallet'])}:wallet: does not allow this step as it stands. Look at it under “Members”.`,
  AdhesionMismatch: (v) =>
    $localize`${who(v['applicant'])}:wallet: has applied with another adhesion since it was read. Read the new one, and approve that.`,
  MemberIdTaken: (v) =>
    $localize`This member's number belongs to ${who(v['wallet'])}:wallet:. Use the person's own; replace a lost wallet instead.`,
  MemberIdChanged: (v) =>
    $localize`${who(v['wallet'])}:wallet: had another member's number before. Approve under that one.`,
  NotEntitledToVeto: (v) =>
    $localize`Only the wallet ${who(v['oldWallet'])}:wallet: or its recovery key may veto. Sign with one of these.`,
  NothingToVeto: (v) =>
    $localize`No replacement of ${who(v['oldWallet'])}:wallet: can be vetoed any more. Turn to the community's administrator.`,
  ReplacementPending: (v, l) =>
    $localize`This wallet has itself just replaced another, which may be vetoed until ${time(v['settledAt'], l)}:time:. Wait until then.`,
  AccessControlUnauthorizedAccount: (v) =>
    $localize`You lack the role “${roleName(String(v['neededRole']))}:role:”. Ask the community's administrator for it.`,
  AccessControlBadConfirmation: () => $localize`A role can be given up by its holder alone. Sign with that wallet.`,
  MissingRole: (v) =>
    $localize`You lack the role “${roleName(String(v['role']))}:role:”. Ask the community's administrator for it.`,
  // escrow and orders
  NotActive: () =>
    $localize`This wallet is no active member of the community. Apply under “Join”, or ask the administrator.`,
  NotEntitled: (v) =>
    $localize`${who(v['account'])}:wallet: is no active member, and tokens move among active members only. Choose another payee.`,
  EmptyAmount: () => $localize`The amount is zero. Give one above zero.`,
  InsufficientEscrow: (v, l) =>
    $localize`You have ${eur(v['free'], l)}:amount: free in escrow, and ${eur(v['required'], l)}:needed: are needed. Pay more in under “Wallet”, or order less.`,
  TooLate: (v, l) =>
    $localize`This was possible until ${time(v['deadline'], l)}:deadline:, and the chain's time is ${time(v['timestamp'], l)}:now:. It is too late.`,
  TooEarly: (v, l) =>
    $localize`This is possible from ${time(v['opensAt'], l)}:opening: on, and the chain's time is ${time(v['timestamp'], l)}:now:. Wait until then.`,
  EmptyCommitment: () => $localize`There are no orders to seal. Place at least one.`,
  WrongPosition: (v) =>
    $localize`What you have in session ${String(v['sessionId'])}:session: does not allow this step as it stands. Reload the session.`,
  RevealMismatch: (v) =>
    $localize`These are not the orders that were sealed for session ${String(v['sessionId'])}:session:. Open the envelope with the wallet that sealed it.`,
  WrongOrderCount: (v, l) =>
    $localize`You have ${count(v['count'], l)}:count: orders, and the session takes 1 to ${count(v['most'], l)}:most:. Merge or leave out some.`,
  WrongSlot: (v) =>
    $localize`Order ${place(v['position'])}:order: is for a time that the session does not have, or out of turn. Place the orders again.`,
  BothSides: (v) =>
    $localize`Order ${place(v['position'])}:order: sells in a time in which you also buy. Do one of the two.`,
  WrongQuantity: (v, l) =>
    $localize`Order ${place(v['position'])}:order: is for ${kwh(v['quantityWh'], l)}:amount:, below the smallest of ${kwh(v['smallest'], l)}:least: or too large. Change it.`,
  WrongLimit: (v, l) =>
    $localize`Order ${place(v['position'])}:order: has a limit of ${price(v['limitPrice'], l)}:limit:, outside ${price(v['floorPrice'], l)}:least: to ${price(v['capPrice'], l)}:most:. Change it.`,
  LockTooSmall: (v, l) =>
    $localize`The orders may need ${eur(v['required'], l)}:needed:, and only ${eur(v['maxLock'], l)}:locked: were locked for them. They cannot be revealed; the lock is freed when the reveal ends, and the deposit is lost.`,
  // outcome, settlement, execution
  NothingRevealed: () => $localize`Nobody revealed orders in this session. There is nothing to do in it.`,
  SessionIsCancelled: () => $localize`This session was cancelled. Free your lock.`,
  NotTheFinalOutcome: () => $localize`This is not the final outcome of the session. Reload the session.`,
  OutcomeNotFinal: () => $localize`The session has no final outcome yet. Wait until its challenge window is over.`,
  SettlementNotFinal: () =>
    $localize`The session has no final settlement yet. Wait until its objection window is over.`,
  InvalidProof: () =>
    $localize`The proof does not lead to the root on the chain. Reload the session; if it happens again, tell the operators.`,
  BeyondBounds: () =>
    $localize`The settlement asks more of you than your orders allow, so the contract refuses it. Do not accept it: your lock comes back at the execution timeout.`,
  PotTooSmall: (v, l) =>
    $localize`Those who owe have not all paid in yet: ${eur(v['missing'], l)}:amount: are missing for this credit. Wait, or let everybody's part be executed in one go.`,
  NothingUnfilled: () => $localize`This order has nothing left to free. Nothing needs doing.`,
  SettlementStands: () => $localize`This session has a settlement that was accepted in time. Execute it instead.`,
  LockHolds: () => $localize`This lock has no reason to end yet. Wait for the session's course.`,
  ExecutionRunning: (v, l) =>
    $localize`${count(v['executed'], l)}:done: of ${count(v['traders'], l)}:all: members are settled. Settle the others, or wait for the execution timeout.`,
  AlreadyValidated: () => $localize`This session is open for execution already. Nothing needs doing.`,
  UnknownSession: (v) => $localize`There is no session ${String(v['sessionId'])}:session:. Choose one from the list.`,
  NoSuccessor: () =>
    $localize`What the old wallet holds may not move to another wallet yet. Wait until the replacement's delay is over.`,
  // opening sessions
  WrongTimes: () =>
    $localize`The session's times do not follow one another: now, sealing ends, revealing ends, delivery. Change them.`,
  WindowTooShort: (v, l) =>
    $localize`A window of ${count(v['length'], l)}:length: s is shorter than the community's least of ${count(v['least'], l)}:least: s. Lengthen it.`,
  WindowTooLong: (v, l) =>
    $localize`A window of ${count(v['length'], l)}:length: s is longer than the ${count(v['most'], l)}:most: s that the contract allows. Shorten it.`,
  OffGrid: () => $localize`Slots are a quarter-hour or an hour long, and delivery starts with one. Change the start.`,
  WrongSlotCount: (v, l) => $localize`A session has 1 to ${count(v['most'], l)}:most: slots. Change the number.`,
  SlotTaken: (v, l) =>
    $localize`The slot from ${time(v['start'], l)}:time: belongs to another session. Choose another delivery.`,
  WrongPrices: () => $localize`The floor is at most the cap, and cap and penalty are above zero. Change the prices.`,
  WrongOrderLimits: () => $localize`The smallest order and the most orders of a member are above zero. Change them.`,
  ShareTooLarge: () => $localize`A share is at most 100 %. Change it.`,
  // creating a community
  NotAContract: (v) => $localize`There is no contract at ${who(v['account'])}:address:. Check the address.`,
  WrongDecimals: () => $localize`The settlement token does not count in millionths of a euro. Choose another.`,
  EmptyName: () => $localize`A community needs a name, and its token a symbol. Give both.`,
  UnknownCommunity: () => $localize`There is no such community. Choose one from the list.`,
  NoticePeriodOutOfRange: (v, l) =>
    $localize`The notice of changes and payments is between ${count(v['least'], l)}:least: and ${count(v['most'], l)}:most: seconds. Change it.`,
  ReplacementDelayOutOfRange: (v, l) =>
    $localize`The delay for a lost wallet is between ${count(v['least'], l)}:least: and ${count(v['most'], l)}:most: seconds. Change it.`,
  InvalidOperators: () => $localize`The operators are too few, too many or not all different. List others.`,
  InvalidThreshold: () => $localize`More than half of the operators must agree. Raise the number.`,
  InvalidShare: () => $localize`A share is at most 100 %. Change it.`,
  // points and meters
  BindingNeverHolds: () => $localize`The binding would end before it begins. Let it end later.`,
  NotEntitledToRelease: () =>
    $localize`Only the member whose point this is, or an administrator, may release it. Sign as one of the two.`,
  PointKindMissing: () =>
    $localize`The binding does not say whether the point is at the grid or behind it. Choose one.`,
  PointNotBound: () => $localize`This point is bound to nobody. Choose one that is.`,
  PointTaken: (v, l) =>
    $localize`This point is bound to another member until ${time(v['validUntil'], l)}:time:. Have it released first.`,
  ReleaseTooLate: () => $localize`The binding ends before that already. Nothing needs doing.`,
  TooManyPoints: () => $localize`The member has the most points there may be. Release one of them first.`,
  UnknownMemberId: () => $localize`No member has this number. Look it up under “Members”.`,
  WrongBindingNumber: () => $localize`The point was bound or released since this was signed. Sign again.`,
  // tokens
  AboveLimit: () => $localize`The figure is above what the contract allows. Choose a smaller one.`,
  CategoryOff: () => $localize`This kind of payment is switched off. Choose another, or ask the token administrator.`,
  LeaverKeeps: (v, l) =>
    $localize`What somebody who left still holds is kept until ${time(v['until'], l)}:time:. Wait until then.`,
  LeaverPeriodOutOfRange: () => $localize`The period for leavers is out of range. Choose another.`,
  NoIncentiveForTransfers: () =>
    $localize`Plain transfers have no incentives. Set incentives for the other kinds of payment.`,
  NothingToPay: () => $localize`The amount is zero. Give one above zero.`,
  SelfPayment: () => $localize`You would pay yourself. Choose another payee.`,
  TreasuryTooShort: () =>
    $localize`The treasury does not hold so many tokens. Ask for fewer, or have the token administrator issue more.`,
  WrongCategory: () =>
    $localize`This kind of payment is not for a payer and a payee like these. Choose the kind that fits the two.`,
  // rewards
  AlreadyClaimed: () => $localize`This reward has been paid. Nothing needs doing.`,
  BatchExhausted: () => $localize`The batch holds less than this: the operators posted a wrong total. Tell them.`,
  BatchNotFinal: () => $localize`These rewards are not final yet. Wait until their window is over.`,
  DayHasBegun: () => $localize`The parameters would apply to days that have begun. Let them apply from a later day.`,
  ModelMissing: () => $localize`The parameters name no reward model. Choose one of the three.`,
  NeverAMember: (v) =>
    $localize`The wallet ${who(v['wallet'])}:wallet: never was a member's: the operators posted a wrong batch. Tell them.`,
  NoParameters: () => $localize`No reward parameters are in force on this day. The oracle administrator sets them.`,
  NotInBatch: () => $localize`This reward is not in the batch. Take amount and proof from the published one.`,
  UnknownParameters: () => $localize`There are no such reward parameters. Choose some from the list.`,
  // operators with their bond
  NotAnOperator: () => $localize`This wallet is no operator of the session. Sign with an operator's wallet.`,
  BondTooSmall: (v, l) =>
    $localize`The bond is ${eur(v['bond'], l)}:bond:, and ${eur(v['required'], l)}:needed: are asked. Deposit more.`,
  BondHeld: () => $localize`The bond is still at stake. Wait until the windows are over.`,
  StakeHeld: () => $localize`The stake may still be lost. Wait until the window is over.`,
  AlreadyVoted: () => $localize`This operator backs an answer already. Nothing needs doing.`,
  NoVote: () => $localize`There is no vote to take back. Nothing needs doing.`,
  UnknownAnswer: () => $localize`Nobody has posted this answer. Reload the page.`,
  OtherAnswerAccepted: () => $localize`Another answer has been accepted. Compare the two, and object if it is wrong.`,
  QuestionClosed: () => $localize`The time for votes is over. It is too late.`,
  NotRetractable: () => $localize`This vote cannot be taken back any more. It stands.`,
  InvalidAmount: (v, l) =>
    $localize`The amount is zero, or more than the ${eur(v['available'], l)}:available: there are. Give another.`,
  // money
  ERC20InsufficientAllowance: () =>
    $localize`The contract may not take so much from your wallet. Allow the amount first.`,
  ERC20InsufficientBalance: () => $localize`Your wallet does not hold that much. Pay less, or get more first.`,
  ERC20InvalidReceiver: () => $localize`This address cannot receive. Give another.`,
  ERC2612ExpiredSignature: () => $localize`The permission has expired. Sign again.`,
  ERC2612InvalidSigner: () => $localize`The permission was signed by another wallet. Sign again.`,
  EmissionCapExceeded: () =>
    $localize`The period's cap on new tokens would be passed. Issue less, or wait for the next period.`,
  ReferenceUsed: () =>
    $localize`This bank payment's reference was used before: a payment is credited once. Check which it is.`,
  EmptyReference: () => $localize`The bank payment's reference is missing. Give it.`,
  SafeERC20FailedOperation: () =>
    $localize`The settlement token did not move the amount. Look at your balance and allowance.`,
  // treasury
  UnknownAsset: () =>
    $localize`The treasury holds the community's token and the settlement euro alone. Choose one of the two.`,
  IncompletePayment: () => $localize`A payment needs a payee, an amount and a purpose. Give all three.`,
  UnknownPayment: () => $localize`There is no such payment. Choose one from the list.`,
  PaymentClosed: () => $localize`This payment was approved, made or withdrawn already. Propose a new one.`,
  SecondPersonNeeded: () => $localize`Who proposed a payment may not approve it. Somebody else has to.`,
  NotApproved: () => $localize`This payment is not approved. Ask the other administrator.`,
  IncentiveOver: () => $localize`This incentive is closed. Nothing can be paid out of it any more.`,
  IncentiveRecorded: () => $localize`This bank payment was recorded before. Check which it is.`,
  NotInSplit: () => $localize`This share is not in the division. Take amount and proof from the published one.`,
  Reserved: () => $localize`The treasury keeps this money for members' shares of an incentive. Ask for less.`,
  ShareClaimed: () => $localize`This share has been paid. Nothing needs doing.`,
  SplitNotFinal: () => $localize`The division is not final yet. Wait until its window is over.`,
  NoticeRunning: (v, l) => $localize`The payment's notice runs until ${time(v['dueAt'], l)}:time:. Wait until then.`,
};

/** Errors that the page's own calls cannot meet: postings of operators, refutations, births of contracts, calls between contracts. */
export const OPERATORS_ONLY: ReadonlySet<string> = new Set([
  'AlreadyAnswered',
  'AnswerLeadsElsewhere',
  'AnswerMayCome',
  'AnswerTooLate',
  'BondForfeited',
  'BondNotPaid',
  'BondStays',
  'CloneArgumentsTooLong',
  'DatasetNotFinal',
  'DayNotOver',
  'DayRewarded',
  'ECDSAInvalidSignature',
  'ECDSAInvalidSignatureLength',
  'ECDSAInvalidSignatureS',
  'ERC20InvalidApprover',
  'ERC20InvalidSender',
  'ERC20InvalidSpender',
  'EmptyDataCid',
  'EvidenceDayOutOfRange',
  'EvidenceMissing',
  'FailedDeployment',
  'ImpossibleResult',
  'ImpossibleTotals',
  'IncompleteBatch',
  'IncompleteDataset',
  'IncompleteIncentive',
  'IncompleteMeterKey',
  'InsufficientBalance',
  'InvalidAccountNonce',
  'InvalidInitialization',
  'InvalidShortString',
  'LengthMismatch',
  'MeterKeyKnown',
  'MeterKeyNotGood',
  'NoBounty',
  'NoSuchNode',
  'NotAClient',
  'NotASessionOperator',
  'NotASplitOperator',
  'NotCommitted',
  'NotEnoughTime',
  'NotInitializing',
  'NotNotarised',
  'NotOwnContract',
  'NotSessionHandler',
  'NotTheAcceptedOutcome',
  'NotTheRefuter',
  'NotTheRewards',
  'NotTheSlotsResult',
  'NotTreeDemands',
  'NotYourPath',
  'NothingAccepted',
  'NothingToCollect',
  'NothingToVoid',
  'OutcomeSettled',
  'PathLeadsElsewhere',
  'PriorVersionOpen',
  'ReentrancyGuardReentrantCall',
  'SafeCastOverflowedUintDowncast',
  'SplitExhausted',
  'StringTooLong',
  'UnknownDemand',
  'WindowClosed',
  'WrongAnswerLength',
  'WrongDays',
  'WrongOrderTotal',
  'WrongPathLength',
  'WrongResultCount',
  'WrongRound',
  'WrongSplit',
  'WrongVersion',
]);
