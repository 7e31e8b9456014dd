// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemberKind} from "./ICommunity.sol";
import {ITokenPolicy, TokenCategory} from "./ITokenPolicy.sol";

/// @notice What a contract of the community pays out of the escrow that it holds.
/// @param payer Whose escrow it was; the treasury where the community pays.
/// @param structure Who hosted, with a share of its own; zero if nobody.
/// @param feeBps The fee agreed on when the escrow was taken.
/// @param isChecked Whether the deal was confirmed and its value checked: only then incentives may exceed the fee.
/// @param valueBps How much of the category's incentive the check found the deal worth.
/// @param amount What leaves the escrow: the fee and the structure's share are taken from it.
struct DealPayment {
    address payer;
    address payee;
    address structure;
    TokenCategory category;
    uint16 feeBps;
    bool isChecked;
    uint16 valueBps;
    uint256 amount;
    uint256 structureAmount;
    bytes32 dealReference;
}

/// @notice What a payment costs and earns.
struct Quote {
    uint256 fee;
    uint256 payerIncentive;
    uint256 payeeIncentive;
}

/// @notice What a member was given, by member id.
/// @param granted Incentives in the period.
/// @param period The incentive period that `granted` counts.
/// @param welcomeDue Welcome bonus that the treasury could not pay yet.
/// @param isWelcomed Whether the welcome bonus was fixed, which happens once.
struct Grants {
    uint96 granted;
    uint32 period;
    uint96 welcomeDue;
    bool isWelcomed;
}

/// @title A community's token: 1 token (18 decimals) is one hour of time-bank
interface ICommunityToken is ITokenPolicy {
    /// @notice Thrown when a party of a transfer is no active member nor one of the community's contracts.
    error NotEntitled(address account);

    /// @notice Thrown when the caller is none of the community's own contracts, or not the one whose task it is.
    error NotOwnContract(address account);

    /// @notice Thrown when an emission would pass the period's cap.
    error EmissionCapExceeded(uint256 amount, uint256 left);

    /// @notice Thrown when the wallet's balance may not move to a successor (yet).
    error NoSuccessor(address oldWallet);

    /// @notice Thrown when a category is not for a payment from the one kind of member to the other.
    error WrongCategory(TokenCategory category, MemberKind payer, MemberKind payee);

    /// @notice Thrown when the category is switched off.
    error CategoryOff(TokenCategory category);

    /// @notice Thrown when payer and payee are the same member.
    error SelfPayment(address account);

    /// @notice Thrown when the amount is zero.
    error NothingToPay();

    /// @notice Thrown when the treasury holds fewer tokens than are asked for.
    error TreasuryTooShort(uint256 amount, uint256 available);

    /// @notice Thrown when a leaver's balance is kept by the community's rule, or (yet) by its time.
    error LeaverKeeps(address wallet, uint256 until);

    /// @notice Thrown when the period after which a leaver's balance goes to the treasury is outside what the code allows.
    error LeaverPeriodOutOfRange(uint256 period, uint256 least, uint256 most);

    /// @notice Thrown when another than the contract of the rewards would mint one.
    error NotTheRewards(address account);

    /// @notice Emitted when tokens were issued, to the treasury or as a reward.
    event Issued(uint256 indexed period, uint256 amount, uint256 issuedInPeriod);

    /// @notice Emitted when a lost wallet's balance moved to its successor.
    event BalanceMoved(address indexed oldWallet, address indexed newWallet, uint256 amount);

    /// @notice Emitted for every payment among members, plain transfers included, and for what the treasury pays by
    /// category. `amount` is what the payer gave: the payee got it less `fee` and `structureAmount`. The incentives came
    /// from the treasury.
    event Paid(
        address indexed payer,
        address indexed payee,
        TokenCategory indexed category,
        uint256 amount,
        uint256 fee,
        address structure,
        uint256 structureAmount,
        uint256 payerIncentive,
        uint256 payeeIncentive,
        bytes32 paymentReference
    );

    /// @notice Emitted beside `Paid` when the treasury could not pay all of the incentives.
    event TreasuryShort(
        address indexed payer,
        address indexed payee,
        TokenCategory indexed category,
        uint256 wanted,
        uint256 paid
    );

    /// @notice Emitted when a member's welcome bonus was paid.
    event Welcomed(bytes32 indexed memberId, address indexed wallet, MemberKind kind, uint256 amount);

    /// @notice Emitted when a member's welcome bonus waits until the treasury has the balance.
    event WelcomeDelayed(bytes32 indexed memberId, address indexed wallet, MemberKind kind, uint256 amount);

    /// @notice Emitted when tokens of the treasury were sold.
    event Sold(address indexed buyer, uint256 amount);

    /// @notice Emitted when a contract of the community gave escrow back.
    event EscrowReturned(address indexed source, address indexed wallet, uint256 amount);

    /// @notice Emitted when what a leaver had left went to the treasury, by the rule of the adhesion.
    event LeaverBalanceDonated(address indexed wallet, uint256 amount);

    /// @notice Issues tokens to the treasury, within the cap of the period. Token admin only.
    function issue(uint256 amount) external;

    /// @notice Pays another active member: the fee goes to the treasury, incentives come from there.
    /// @param paymentReference What the payment is for: a hash, or text of at most 32 bytes.
    function pay(address payee, uint256 amount, TokenCategory category, bytes32 paymentReference) external;

    /// @notice Pays out of the caller's balance what a member's deal with another came to. Whatever the parties' status
    /// has become, the amount is paid. Community's own contracts only.
    function payDeal(DealPayment calldata payment) external;

    /// @notice Gives a wallet back, out of the caller's balance, what was held for it, whatever its status.
    /// Community's own contracts only.
    function returnEscrow(address wallet, uint256 amount) external;

    /// @notice Moves tokens that were paid for from the treasury to a stakeholder. Stakeholder desk only.
    function sell(address buyer, uint256 amount) external;

    /// @notice Fixes an active member's welcome bonus, once per member id, and pays it as soon as the treasury can.
    /// The community calls it at approval; anybody may call it again for a bonus that waits.
    function welcome(address wallet) external;
    /// @notice Mints a reward to whom it is due, whatever their status, within the cap of the period. Only the contract
    /// of the rewards, which operators' attested batches bind.
    function mintReward(address member, uint256 amount) external;

    /// @notice Moves a lost wallet's tokens to its successor, once the delay is over. Anybody.
    function moveBalance(address oldWallet) external;

    /// @notice Moves what a member who left by itself has still to the treasury, after the period that the adhesion
    /// states. Anybody.
    function settleLeaver(address wallet) external;

    /// @notice What a payment would cost and earn now, if the treasury has the balance.
    function quote(
        address payer,
        address payee,
        uint256 amount,
        TokenCategory category
    ) external view returns (Quote memory);

    /// @notice What a member was given.
    function grantsOf(bytes32 memberId) external view returns (Grants memory);

    /// @notice The incentives that two members got in the running period for payments between them, both together.
    function grantedBetween(bytes32 oneId, bytes32 otherId) external view returns (uint256);
    /// @notice The contract that mints rewards.
    function rewards() external view returns (address);

    /// @notice The most that may be issued in one period.
    function emissionCap() external view returns (uint256);

    /// @notice What was issued in a period.
    function issuedIn(uint256 period) external view returns (uint256);

    /// @notice The number of the emission period that is running.
    function currentPeriod() external view returns (uint256);

    /// @notice The number of the incentive period that is running.
    function incentivePeriod() external view returns (uint32);

    /// @notice Seconds from leaving until what a leaver still has goes to the treasury; 0 where it is kept for ever.
    function leaverPeriod() external view returns (uint40);
}
