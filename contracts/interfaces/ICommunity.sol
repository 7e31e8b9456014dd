// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

/// @notice What a member is. `None` is the answer for a wallet that never applied.
enum MemberKind {
    None,
    Citizen,
    Stakeholder
}

/// @notice How a member uses energy: consumes, also produces, or also stores.
enum EnergyProfile {
    Consumer,
    Prosumer,
    Prostormer
}

/// @notice Where a wallet stands. `Replaced` is a lost wallet whose membership moved to a new one.
enum MemberStatus {
    None,
    Applied,
    Active,
    Suspended,
    Left,
    Replaced
}

/// @notice What a point measures: what crosses the grid, or a plant behind it. `None` for a point never bound.
enum PointKind {
    None,
    Exchange,
    Production
}

/// @notice The contracts that make up one community.
struct CommunityContracts {
    address community;
    address treasury;
    address token;
    address sessions;
    address marketplace;
    address quorum;
    address refuter;
    address demands;
    address notary;
    address rewards;
    address desk;
    address services;
    address purchases;
    address loans;
    address works;
}

/// @notice What an applicant signs. `adhesionHash` is `keccak256(document bytes ‖ 32-byte salt)`.
struct Application {
    address applicant;
    MemberKind kind;
    EnergyProfile profile;
    bytes32 adhesionHash;
    address recoveryKey;
    uint256 nonce;
    uint256 deadline;
}

/// @notice A member as the community knows it.
struct Member {
    bytes32 memberId;
    bytes32 adhesionHash;
    address recoveryKey;
    MemberKind kind;
    EnergyProfile profile;
    MemberStatus status;
}

/// @notice What other contracts ask about a member again and again, in two words of storage.
struct Standing {
    bytes32 memberId;
    MemberKind kind;
    MemberStatus status;
}

/// @notice A lost wallet on its way to a new one: membership has moved, money moves at `movesAt`.
struct Replacement {
    address newWallet;
    uint40 movesAt;
    MemberStatus priorStatus;
    bool vetoed;
}

/// @notice What a member and a community admin both sign: that a point is the member's.
/// @param pointId Salted hash of the connection point.
/// @param memberId Whose it is; kept across wallets.
/// @param validFrom Start, in UTC epoch seconds; a moment that has passed means: from now.
/// @param validUntil End, exclusive; the greatest value means: until it is released.
/// @param documentHash `keccak256(document bytes ‖ 32-byte salt)` of what both agreed on.
/// @param number Which binding of the point this is, from 1.
/// @param deadline Until when the signatures are good.
struct PointBinding {
    bytes32 pointId;
    bytes32 memberId;
    PointKind kind;
    uint40 validFrom;
    uint40 validUntil;
    bytes32 documentHash;
    uint32 number;
    uint256 deadline;
}

/// @notice A point's last binding. It holds from `validFrom` until before `validUntil`; `number` 0: never bound.
struct BoundPoint {
    bytes32 memberId;
    bytes32 documentHash;
    uint40 validFrom;
    uint40 validUntil;
    uint32 number;
    PointKind kind;
}

/// @title The members of one energy community, their roles and their wallets
interface ICommunity is IAccessControl {
    /// @notice Thrown when a signed message came after its own deadline.
    error SignatureExpired(uint256 deadline, uint256 timestamp);

    /// @notice Thrown when the signature is not the signer's over these very values.
    error InvalidSignature(address signer);

    /// @notice Thrown when an application carries a nonce other than the applicant's next one.
    error InvalidNonce(address account, uint256 nonce, uint256 expected);

    /// @notice Thrown when an application names no kind of member.
    error KindMissing(address applicant);

    /// @notice Thrown when a hash that must not be empty is zero.
    error EmptyHash();

    /// @notice Thrown when an address that must not be empty is zero.
    error EmptyAddress();

    /// @notice Thrown when a wallet's status does not allow the step.
    error WrongStatus(address wallet, MemberStatus status);

    /// @notice Thrown when the approval names another adhesion than the application on record.
    error AdhesionMismatch(address applicant, bytes32 approved, bytes32 applied);

    /// @notice Thrown when a member id already belongs to another wallet.
    error MemberIdTaken(bytes32 memberId, address wallet);

    /// @notice Thrown when a person who left would come back under another member id.
    error MemberIdChanged(address wallet, bytes32 memberId, bytes32 priorId);

    /// @notice Thrown when nobody but the old wallet or its recovery key may veto.
    error NotEntitledToVeto(address caller, address oldWallet);

    /// @notice Thrown when there is no replacement of this wallet that could still be vetoed.
    error NothingToVeto(address oldWallet);

    /// @notice Thrown when a wallet is to be replaced whose own arrival may still be vetoed.
    error ReplacementPending(address wallet, uint256 settledAt, uint256 timestamp);

    /// @notice Thrown when the replacement delay is outside what the code allows.
    error ReplacementDelayOutOfRange(uint256 delay, uint256 least, uint256 most);

    /// @notice Thrown when a point's binding says no kind.
    error PointKindMissing(bytes32 pointId);

    /// @notice Thrown when no wallet has this member id.
    error UnknownMemberId(bytes32 memberId);

    /// @notice Thrown when a binding carries another number than the point's next one.
    error WrongBindingNumber(bytes32 pointId, uint256 number, uint256 expected);

    /// @notice Thrown when a point is bound to a member already.
    error PointTaken(bytes32 pointId, bytes32 memberId, uint256 validUntil);

    /// @notice Thrown when a binding would end before it begins.
    error BindingNeverHolds(uint256 validFrom, uint256 validUntil);

    /// @notice Thrown when a member has as many points as it may.
    error TooManyPoints(bytes32 memberId, uint256 most);

    /// @notice Thrown when a point is bound to nobody.
    error PointNotBound(bytes32 pointId);

    /// @notice Thrown when neither the member nor a community admin releases a point.
    error NotEntitledToRelease(address caller, bytes32 pointId);

    /// @notice Thrown when a release would come later than the binding ends anyway.
    error ReleaseTooLate(bytes32 pointId, uint256 at, uint256 validUntil);

    /// @notice Emitted when an application was recorded, whoever relayed it.
    event MemberApplied(
        address indexed applicant,
        MemberKind kind,
        EnergyProfile profile,
        bytes32 adhesionHash,
        address recoveryKey
    );

    /// @notice Emitted when the admin approved an application.
    event MemberApproved(address indexed wallet, bytes32 indexed memberId, MemberKind kind, EnergyProfile profile);

    /// @notice Emitted when the admin refused an application.
    event MemberRefused(address indexed applicant);

    /// @notice Emitted when a member was suspended.
    event MemberSuspended(address indexed wallet, bytes32 indexed memberId);

    /// @notice Emitted when a suspended member was reinstated.
    event MemberReinstated(address indexed wallet, bytes32 indexed memberId);

    /// @notice Emitted when a member left, or was removed.
    event MemberLeft(address indexed wallet, bytes32 indexed memberId, bool removed);

    /// @notice Emitted when membership moved to a new wallet; money follows at `movesAt` unless vetoed.
    event WalletReplaced(
        bytes32 indexed memberId,
        address indexed oldWallet,
        address indexed newWallet,
        uint256 movesAt
    );

    /// @notice Emitted when the old wallet or its recovery key took a replacement back.
    event ReplacementVetoed(bytes32 indexed memberId, address indexed oldWallet, address indexed newWallet);

    /// @notice Emitted when a member named another recovery key.
    event RecoveryKeySet(address indexed wallet, address recoveryKey);

    /// @notice Emitted when a point was bound to a member, from then until `validUntil`.
    event PointBound(
        bytes32 indexed pointId,
        bytes32 indexed memberId,
        uint32 number,
        PointKind kind,
        uint40 validFrom,
        uint40 validUntil,
        bytes32 documentHash,
        address admin
    );

    /// @notice Emitted when a binding got an earlier end, by either side or because its member leaves.
    event PointReleased(bytes32 indexed pointId, bytes32 indexed memberId, uint32 number, uint40 validUntil);

    /// @notice Records an application signed by the applicant (EIP-712); anybody may relay it.
    /// @param application What the applicant signed.
    /// @param signature The applicant's signature (65 bytes, or ERC-1271).
    function registerUser(Application calldata application, bytes calldata signature) external;

    /// @notice Approves an application. Community admin only.
    /// @param applicant The wallet that applied.
    /// @param memberId Salted hash, unique for the person and kept across wallets.
    /// @param adhesionHash The adhesion that the admin read; refused if the wallet applied with another since.
    function approveMember(address applicant, bytes32 memberId, bytes32 adhesionHash) external;

    /// @notice Refuses an application. Community admin only.
    function refuseMember(address applicant) external;

    /// @notice Stops new commitments and token payments of a member; blocks no way to money. Community admin only.
    function suspendMember(address wallet) external;

    /// @notice Ends a suspension. Community admin only.
    function reinstateMember(address wallet) external;

    /// @notice Removes a member. Community admin only.
    function removeMember(address wallet) external;

    /// @notice The caller leaves the community.
    function leave() external;

    /// @notice Names the key that may veto the replacement of the caller's wallet.
    function setRecoveryKey(address recoveryKey) external;

    /// @notice Moves the membership of a lost wallet to a new one at once; escrow and tokens follow after the delay.
    /// Community admin only, with the new wallet's signature (EIP-712).
    function replaceWallet(
        address oldWallet,
        address newWallet,
        uint256 deadline,
        bytes calldata newWalletSignature
    ) external;

    /// @notice Takes a replacement back within its delay. Old wallet or its recovery key only.
    function vetoReplacement(address oldWallet) external;

    /// @notice Binds a point to a member. Both the member's wallet and a community admin agree to the very same terms,
    /// each by sending this or by a signature (EIP-712); anybody may relay it.
    /// @param binding What both agree to. It says nothing about the past: what a binding said of a moment gone by stays.
    /// @param admin The community admin who agrees.
    /// @param memberSignature Of the wallet that has the member id; not looked at where that wallet sends this.
    /// @param adminSignature Of the admin; not looked at where the admin sends this.
    function bindPoint(
        PointBinding calldata binding,
        address admin,
        bytes calldata memberSignature,
        bytes calldata adminSignature
    ) external;

    /// @notice Ends a point's binding. The member's wallet may do so at once, a community admin with a notice, so that
    /// nobody else can keep a member's readings from what the member has sold or bought already. Members who leave, or
    /// are removed, release their points with the same notice.
    /// @param pointId The point.
    /// @param at The end; a moment earlier than the caller may choose means the earliest.
    function releasePoint(bytes32 pointId, uint40 at) external;

    /// @notice The last binding of a point.
    function pointOf(bytes32 pointId) external view returns (BoundPoint memory);

    /// @notice The points of a member that were not released; those whose time has run out may be among them.
    function pointsOf(bytes32 memberId) external view returns (bytes32[] memory);

    /// @notice Seconds that a point stays bound after an admin released it, or its member left.
    // solhint-disable-next-line func-name-mixedcase
    function RELEASE_NOTICE() external view returns (uint40);

    /// @notice The member behind a wallet.
    function memberOf(address wallet) external view returns (Member memory);

    /// @notice A wallet's member id, kind and status.
    function standingOf(address wallet) external view returns (Standing memory);

    /// @notice The same of two wallets.
    function standingsOf(address one, address other) external view returns (Standing memory, Standing memory);

    /// @notice When the member of a wallet left by itself; 0 if it did not, or is back.
    function leftAt(address wallet) external view returns (uint256);

    /// @notice The wallet that a member id belongs to now; zero if none.
    function walletOf(bytes32 memberId) external view returns (address);

    /// @notice The next nonce of an applicant.
    function nonceOf(address applicant) external view returns (uint256);

    /// @notice Whether the wallet is an active member.
    function isActive(address wallet) external view returns (bool);

    /// @notice The status of a wallet.
    function statusOf(address wallet) external view returns (MemberStatus);

    /// @notice The replacement on record for a lost wallet.
    function replacementOf(address oldWallet) external view returns (Replacement memory);

    /// @notice The wallet that the money of `oldWallet` may be moved to now; zero while there is none.
    function successorOf(address oldWallet) external view returns (address);

    /// @notice Whether the address is one of the community's own contracts.
    function isOwnContract(address account) external view returns (bool);

    /// @notice The community's own contracts.
    function contracts() external view returns (CommunityContracts memory);

    /// @notice The community's name.
    function name() external view returns (string memory);

    /// @notice Seconds between a wallet's replacement and the move of its money.
    function replacementDelay() external view returns (uint40);

    /// @notice Approves, suspends and removes members.
    // solhint-disable-next-line func-name-mixedcase
    function COMMUNITY_ADMIN_ROLE() external view returns (bytes32);

    /// @notice Sets fees and issues tokens to the treasury.
    // solhint-disable-next-line func-name-mixedcase
    function TOKEN_ADMIN_ROLE() external view returns (bytes32);

    /// @notice Sets the reward models' parameters and the operators.
    // solhint-disable-next-line func-name-mixedcase
    function ORACLE_ADMIN_ROLE() external view returns (bytes32);

    /// @notice Opens sessions.
    // solhint-disable-next-line func-name-mixedcase
    function MARKET_OPERATOR_ROLE() external view returns (bytes32);
}
