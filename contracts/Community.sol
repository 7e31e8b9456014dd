// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {PointBindings} from "./PointBindings.sol";
import {
    Application,
    CommunityContracts,
    ICommunity,
    Member,
    MemberKind,
    MemberStatus,
    Replacement,
    Standing
} from "./interfaces/ICommunity.sol";
import {ICommunityToken} from "./interfaces/ICommunityToken.sol";

/// @title The members of one energy community, their roles, their wallets and, by its other layer, their points
/// @notice A community runs as a minimal clone of this code, made by `CommunityFactory`.
contract Community is PointBindings, Initializable {
    /// @inheritdoc ICommunity
    bytes32 public constant TOKEN_ADMIN_ROLE = keccak256("TOKEN_ADMIN_ROLE");

    /// @inheritdoc ICommunity
    bytes32 public constant ORACLE_ADMIN_ROLE = keccak256("ORACLE_ADMIN_ROLE");

    /// @inheritdoc ICommunity
    bytes32 public constant MARKET_OPERATOR_ROLE = keccak256("MARKET_OPERATOR_ROLE");

    uint40 private constant LEAST_REPLACEMENT_DELAY = 1 days;
    uint40 private constant MOST_REPLACEMENT_DELAY = 365 days;

    bytes32 private constant APPLICATION_TYPEHASH = keccak256(
        "Application(address applicant,uint8 kind,uint8 profile,bytes32 adhesionHash,address recoveryKey,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REPLACEMENT_TYPEHASH = keccak256(
        "WalletReplacement(address oldWallet,address newWallet,uint256 deadline)"
    );

    /// @inheritdoc ICommunity
    string public name;

    /// @inheritdoc ICommunity
    uint40 public replacementDelay;

    CommunityContracts private _contracts;
    mapping(address wallet => Member) private _members;
    mapping(bytes32 memberId => address wallet) private _walletOf;
    mapping(address applicant => uint256) private _nonces;
    mapping(address oldWallet => Replacement) private _replacements;
    mapping(address newWallet => uint40) private _arrivalSettledAt;
    mapping(address account => bool) private _own;
    mapping(address wallet => uint40) private _leftAt;

    constructor() EIP712("Commonwatt Community", "1") {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(
        string calldata name_,
        address admin,
        uint40 replacementDelay_,
        CommunityContracts calldata contracts_
    ) external initializer {
        if (replacementDelay_ < LEAST_REPLACEMENT_DELAY || replacementDelay_ > MOST_REPLACEMENT_DELAY) {
            revert ReplacementDelayOutOfRange(replacementDelay_, LEAST_REPLACEMENT_DELAY, MOST_REPLACEMENT_DELAY);
        }
        if (admin == address(0)) revert EmptyAddress();
        name = name_;
        replacementDelay = replacementDelay_;
        _contracts = contracts_;
        _own[contracts_.treasury] = true;
        _own[contracts_.token] = true;
        _own[contracts_.sessions] = true;
        _own[contracts_.marketplace] = true;
        _own[contracts_.quorum] = true;
        _own[contracts_.refuter] = true;
        _own[contracts_.demands] = true;
        _own[contracts_.notary] = true;
        _own[contracts_.rewards] = true;
        _own[contracts_.desk] = true;
        _own[contracts_.services] = true;
        _own[contracts_.purchases] = true;
        _own[contracts_.loans] = true;
        _own[contracts_.works] = true;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(COMMUNITY_ADMIN_ROLE, admin);
        _grantRole(TOKEN_ADMIN_ROLE, admin);
        _grantRole(ORACLE_ADMIN_ROLE, admin);
        _grantRole(MARKET_OPERATOR_ROLE, admin);
    }

    // ---------------------------------------------------------------- joining

    /// @inheritdoc ICommunity
    function registerUser(Application calldata application, bytes calldata signature) external {
        address applicant = application.applicant;
        if (block.timestamp > application.deadline) revert SignatureExpired(application.deadline, block.timestamp);
        if (application.kind == MemberKind.None) revert KindMissing(applicant);
        if (application.adhesionHash == bytes32(0)) revert EmptyHash();
        if (application.nonce != _nonces[applicant]) {
            revert InvalidNonce(applicant, application.nonce, _nonces[applicant]);
        }
        Member storage member = _members[applicant];
        MemberStatus status = member.status;
        if (status != MemberStatus.None && status != MemberStatus.Applied && status != MemberStatus.Left) {
            revert WrongStatus(applicant, status);
        }
        _checkSignature(applicant, _applicationHash(application), signature);

        ++_nonces[applicant];
        member.kind = application.kind;
        member.profile = application.profile;
        member.adhesionHash = application.adhesionHash;
        member.recoveryKey = application.recoveryKey;
        member.status = MemberStatus.Applied;
        emit MemberApplied(
            applicant,
            application.kind,
            application.profile,
            application.adhesionHash,
            application.recoveryKey
        );
    }

    /// @inheritdoc ICommunity
    function approveMember(
        address applicant,
        bytes32 memberId,
        bytes32 adhesionHash
    ) external onlyRole(COMMUNITY_ADMIN_ROLE) {
        Member storage member = _require(applicant, MemberStatus.Applied);
        if (memberId == bytes32(0)) revert EmptyHash();
        if (member.adhesionHash != adhesionHash) {
            revert AdhesionMismatch(applicant, adhesionHash, member.adhesionHash);
        }
        if (member.memberId != bytes32(0) && member.memberId != memberId) {
            revert MemberIdChanged(applicant, memberId, member.memberId);
        }
        address holder = _walletOf[memberId];
        if (holder != address(0) && holder != applicant && _members[holder].status != MemberStatus.Left) {
            revert MemberIdTaken(memberId, holder);
        }
        member.memberId = memberId;
        member.status = MemberStatus.Active;
        _walletOf[memberId] = applicant;
        emit MemberApproved(applicant, memberId, member.kind, member.profile);
        ICommunityToken(_contracts.token).welcome(applicant);
    }

    /// @inheritdoc ICommunity
    function refuseMember(address applicant) external onlyRole(COMMUNITY_ADMIN_ROLE) {
        Member storage member = _require(applicant, MemberStatus.Applied);
        member.status = member.memberId == bytes32(0) ? MemberStatus.None : MemberStatus.Left;
        emit MemberRefused(applicant);
    }

    // ---------------------------------------------------------------- staying and leaving

    /// @inheritdoc ICommunity
    function suspendMember(address wallet) external onlyRole(COMMUNITY_ADMIN_ROLE) {
        Member storage member = _require(wallet, MemberStatus.Active);
        member.status = MemberStatus.Suspended;
        emit MemberSuspended(wallet, member.memberId);
    }

    /// @inheritdoc ICommunity
    function reinstateMember(address wallet) external onlyRole(COMMUNITY_ADMIN_ROLE) {
        Member storage member = _require(wallet, MemberStatus.Suspended);
        member.status = MemberStatus.Active;
        emit MemberReinstated(wallet, member.memberId);
    }

    /// @inheritdoc ICommunity
    function removeMember(address wallet) external onlyRole(COMMUNITY_ADMIN_ROLE) {
        _leave(wallet, true);
    }

    /// @inheritdoc ICommunity
    function leave() external {
        _leave(msg.sender, false);
    }

    /// @inheritdoc ICommunity
    function setRecoveryKey(address recoveryKey) external {
        Member storage member = _members[msg.sender];
        if (member.status != MemberStatus.Active && member.status != MemberStatus.Suspended) {
            revert WrongStatus(msg.sender, member.status);
        }
        member.recoveryKey = recoveryKey;
        emit RecoveryKeySet(msg.sender, recoveryKey);
    }

    // ---------------------------------------------------------------- lost wallets

    /// @inheritdoc ICommunity
    function replaceWallet(
        address oldWallet,
        address newWallet,
        uint256 deadline,
        bytes calldata newWalletSignature
    ) external onlyRole(COMMUNITY_ADMIN_ROLE) {
        if (block.timestamp > deadline) revert SignatureExpired(deadline, block.timestamp);
        if (newWallet == address(0)) revert EmptyAddress();
        Member storage old = _members[oldWallet];
        MemberStatus status = old.status;
        if (status != MemberStatus.Active && status != MemberStatus.Suspended) revert WrongStatus(oldWallet, status);
        // One replacement at a time: a membership that may still be vetoed back does not move on.
        if (block.timestamp < _arrivalSettledAt[oldWallet]) {
            revert ReplacementPending(oldWallet, _arrivalSettledAt[oldWallet], block.timestamp);
        }
        _require(newWallet, MemberStatus.None);
        bytes32 structHash = keccak256(abi.encode(REPLACEMENT_TYPEHASH, oldWallet, newWallet, deadline));
        _checkSignature(newWallet, structHash, newWalletSignature);

        uint40 movesAt = uint40(block.timestamp) + replacementDelay;
        _members[newWallet] = old;
        old.status = MemberStatus.Replaced;
        _walletOf[old.memberId] = newWallet;
        _replacements[oldWallet] = Replacement(newWallet, movesAt, status, false);
        _arrivalSettledAt[newWallet] = movesAt;
        emit WalletReplaced(old.memberId, oldWallet, newWallet, movesAt);
    }

    /// @inheritdoc ICommunity
    function vetoReplacement(address oldWallet) external {
        Member storage old = _members[oldWallet];
        if (msg.sender != oldWallet && msg.sender != old.recoveryKey) revert NotEntitledToVeto(msg.sender, oldWallet);
        Replacement storage replacement = _replacements[oldWallet];
        if (old.status != MemberStatus.Replaced || replacement.vetoed || block.timestamp >= replacement.movesAt) {
            revert NothingToVeto(oldWallet);
        }
        // The new wallet may have left and the id be with another since: it comes back from wherever it is. Who held
        // it has left and is not replaced: no wallet succeeds to its tokens, so it must be able to send them on.
        bytes32 memberId = old.memberId;
        address holder = _walletOf[memberId];
        replacement.vetoed = true;
        _members[holder].status = MemberStatus.Left;
        old.status = replacement.priorStatus;
        _walletOf[memberId] = oldWallet;
        emit ReplacementVetoed(memberId, oldWallet, holder);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICommunity
    function memberOf(address wallet) external view returns (Member memory) {
        return _members[wallet];
    }

    /// @inheritdoc ICommunity
    function standingOf(address wallet) public view returns (Standing memory) {
        Member storage member = _members[wallet];
        return Standing(member.memberId, member.kind, member.status);
    }

    /// @inheritdoc ICommunity
    function standingsOf(address one, address other) external view returns (Standing memory, Standing memory) {
        return (standingOf(one), standingOf(other));
    }

    /// @inheritdoc ICommunity
    function leftAt(address wallet) external view returns (uint256) {
        return _members[wallet].status == MemberStatus.Left ? _leftAt[wallet] : 0;
    }

    /// @inheritdoc ICommunity
    function walletOf(bytes32 memberId) public view override returns (address) {
        return _walletOf[memberId];
    }

    /// @inheritdoc ICommunity
    function nonceOf(address applicant) external view returns (uint256) {
        return _nonces[applicant];
    }

    /// @inheritdoc ICommunity
    function isActive(address wallet) external view returns (bool) {
        return _members[wallet].status == MemberStatus.Active;
    }

    /// @inheritdoc ICommunity
    function statusOf(address wallet) public view override returns (MemberStatus) {
        return _members[wallet].status;
    }

    /// @inheritdoc ICommunity
    function replacementOf(address oldWallet) external view returns (Replacement memory) {
        return _replacements[oldWallet];
    }

    /// @inheritdoc ICommunity
    function successorOf(address oldWallet) external view returns (address) {
        Replacement storage replacement = _replacements[oldWallet];
        if (replacement.vetoed || block.timestamp < replacement.movesAt) return address(0);
        return replacement.newWallet;
    }

    /// @inheritdoc ICommunity
    function isOwnContract(address account) external view returns (bool) {
        return _own[account];
    }

    /// @inheritdoc ICommunity
    function contracts() external view returns (CommunityContracts memory) {
        return _contracts;
    }

    // ---------------------------------------------------------------- internals

    function _leave(address wallet, bool removed) private {
        Member storage member = _members[wallet];
        if (member.status != MemberStatus.Active && member.status != MemberStatus.Suspended) {
            revert WrongStatus(wallet, member.status);
        }
        member.status = MemberStatus.Left;
        // Who is removed keeps what it has: the rule for leavers is no way to a member's tokens.
        _leftAt[wallet] = removed ? 0 : uint40(block.timestamp);
        emit MemberLeft(wallet, member.memberId, removed);
        _releaseAll(member.memberId);
    }

    function _require(address wallet, MemberStatus required) private view returns (Member storage member) {
        member = _members[wallet];
        if (member.status != required) revert WrongStatus(wallet, member.status);
    }

    function _applicationHash(Application calldata application) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    APPLICATION_TYPEHASH,
                    application.applicant,
                    application.kind,
                    application.profile,
                    application.adhesionHash,
                    application.recoveryKey,
                    application.nonce,
                    application.deadline
                )
            );
    }
}
