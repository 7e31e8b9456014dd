// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

import {BoundPoint, ICommunity, MemberStatus, PointBinding, PointKind} from "./interfaces/ICommunity.sol";

/// @title Whose meter a point is
/// @notice The layer of `Community` that binds connection points to member ids. What it said of a moment that has
/// passed never changes: bindings begin now or later, and end now or later.
abstract contract PointBindings is ICommunity, AccessControl, EIP712 {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    /// @inheritdoc ICommunity
    bytes32 public constant COMMUNITY_ADMIN_ROLE = keccak256("COMMUNITY_ADMIN_ROLE");

    /// @inheritdoc ICommunity
    uint40 public constant RELEASE_NOTICE = 7 days;

    /// @dev Leaving releases them all in one transaction.
    uint256 private constant MOST_POINTS = 64;

    bytes32 private constant BINDING_TYPEHASH = keccak256(
        "PointBinding(bytes32 pointId,bytes32 memberId,uint8 kind,uint40 validFrom,uint40 validUntil,"
        "bytes32 documentHash,uint32 number,uint256 deadline)"
    );

    mapping(bytes32 pointId => BoundPoint) private _points;
    mapping(bytes32 memberId => EnumerableSet.Bytes32Set) private _pointsOf;

    /// @inheritdoc ICommunity
    function bindPoint(
        PointBinding calldata binding,
        address admin,
        bytes calldata memberSignature,
        bytes calldata adminSignature
    ) external {
        if (block.timestamp > binding.deadline) revert SignatureExpired(binding.deadline, block.timestamp);
        if (binding.pointId == bytes32(0) || binding.documentHash == bytes32(0)) revert EmptyHash();
        if (binding.kind == PointKind.None) revert PointKindMissing(binding.pointId);
        BoundPoint storage point = _points[binding.pointId];
        if (binding.number != point.number + 1) {
            revert WrongBindingNumber(binding.pointId, binding.number, point.number + 1);
        }
        if (block.timestamp < point.validUntil) revert PointTaken(binding.pointId, point.memberId, point.validUntil);
        address wallet = _activeWallet(binding.memberId);
        _checkRole(COMMUNITY_ADMIN_ROLE, admin);
        bytes32 structHash = keccak256(abi.encode(BINDING_TYPEHASH, binding));
        if (msg.sender != wallet) _checkSignature(wallet, structHash, memberSignature);
        if (msg.sender != admin) _checkSignature(admin, structHash, adminSignature);

        _bind(binding, point, admin);
    }

    /// @inheritdoc ICommunity
    function releasePoint(bytes32 pointId, uint40 at) external {
        BoundPoint storage point = _points[pointId];
        if (block.timestamp >= point.validUntil) revert PointNotBound(pointId);
        uint40 earliest = uint40(block.timestamp);
        if (msg.sender != walletOf(point.memberId)) {
            if (!hasRole(COMMUNITY_ADMIN_ROLE, msg.sender)) revert NotEntitledToRelease(msg.sender, pointId);
            earliest += RELEASE_NOTICE;
        }
        uint40 end = at > earliest ? at : earliest;
        if (end >= point.validUntil) revert ReleaseTooLate(pointId, end, point.validUntil);
        _pointsOf[point.memberId].remove(pointId);
        _end(pointId, point, end);
    }

    /// @inheritdoc ICommunity
    function pointOf(bytes32 pointId) external view returns (BoundPoint memory) {
        return _points[pointId];
    }

    /// @inheritdoc ICommunity
    function pointsOf(bytes32 memberId) external view returns (bytes32[] memory) {
        return _pointsOf[memberId].values();
    }

    /// @inheritdoc ICommunity
    function walletOf(bytes32 memberId) public view virtual returns (address);

    /// @inheritdoc ICommunity
    function statusOf(address wallet) public view virtual returns (MemberStatus);

    // ---------------------------------------------------------------- internals

    /// @dev Releases what a member has that would hold beyond the notice.
    function _releaseAll(bytes32 memberId) internal {
        EnumerableSet.Bytes32Set storage points = _pointsOf[memberId];
        uint40 end = uint40(block.timestamp) + RELEASE_NOTICE;
        for (uint256 left = points.length(); left != 0; --left) {
            bytes32 pointId = points.at(left - 1);
            points.remove(pointId);
            BoundPoint storage point = _points[pointId];
            if (end < point.validUntil) _end(pointId, point, end);
        }
    }

    function _checkSignature(address signer, bytes32 structHash, bytes calldata signature) internal view {
        if (!SignatureChecker.isValidSignatureNow(signer, _hashTypedDataV4(structHash), signature)) {
            revert InvalidSignature(signer);
        }
    }

    function _bind(PointBinding calldata binding, BoundPoint storage point, address admin) private {
        uint40 validFrom = binding.validFrom > block.timestamp ? binding.validFrom : uint40(block.timestamp);
        if (binding.validUntil <= validFrom) revert BindingNeverHolds(validFrom, binding.validUntil);
        _pointsOf[point.memberId].remove(binding.pointId);
        EnumerableSet.Bytes32Set storage points = _pointsOf[binding.memberId];
        if (points.length() >= MOST_POINTS) revert TooManyPoints(binding.memberId, MOST_POINTS);
        points.add(binding.pointId);
        point.memberId = binding.memberId;
        point.documentHash = binding.documentHash;
        point.validFrom = validFrom;
        point.validUntil = binding.validUntil;
        point.number = binding.number;
        point.kind = binding.kind;
        emit PointBound(
            binding.pointId,
            binding.memberId,
            binding.number,
            binding.kind,
            validFrom,
            binding.validUntil,
            binding.documentHash,
            admin
        );
    }

    function _end(bytes32 pointId, BoundPoint storage point, uint40 end) private {
        point.validUntil = end;
        emit PointReleased(pointId, point.memberId, point.number, end);
    }

    function _activeWallet(bytes32 memberId) private view returns (address wallet) {
        wallet = walletOf(memberId);
        if (wallet == address(0)) revert UnknownMemberId(memberId);
        MemberStatus status = statusOf(wallet);
        if (status != MemberStatus.Active) revert WrongStatus(wallet, status);
    }
}
