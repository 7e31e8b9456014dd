// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatasetVersion} from "./IMarketplace.sol";

/// @notice The dataset of a local day in one version: the root over salted readings, and of how many.
/// @param root Root of the tree over the readings' leaves.
/// @param points How many points were read.
/// @param leaves How many readings, the missing ones too.
struct PostedDataset {
    bytes32 root;
    uint32 points;
    uint64 leaves;
}

/// @notice A meter's key. It is good from `validFrom` until before `validUntil`; `pointId` 0: never registered.
struct MeterKey {
    bytes32 pointId;
    uint40 validFrom;
    uint40 validUntil;
}

/// @title Meters' keys, and the roots of what meters read
/// @notice A day is the number of days from 1970-01-01 to the local date. Versions of a day count from 1; each is a
/// question to the operators, and nothing accepted is ever changed or taken away.
interface IMeasurementNotary {
    /// @notice Thrown when the caller lacks the role.
    error MissingRole(address account, bytes32 role);

    /// @notice Thrown when a meter's key is registered without its point or its address.
    error IncompleteMeterKey(bytes32 pointId, address key);

    /// @notice Thrown when a key was registered before: a key belongs to one point, once.
    error MeterKeyKnown(address key, bytes32 pointId);

    /// @notice Thrown when a key to be revoked is not good any more, or never was.
    error MeterKeyNotGood(address key, uint256 validUntil);

    /// @notice Thrown when a dataset has no root, no points or fewer leaves than points.
    error IncompleteDataset(uint256 day, uint256 version);

    /// @notice Thrown when no CID of published data is given.
    error EmptyDataCid();

    /// @notice Thrown when a dataset comes before its day is over.
    error DayNotOver(uint256 day, uint256 endsAt, uint256 timestamp);

    /// @notice Thrown when a version is neither the last one nor the next.
    error WrongVersion(uint256 day, uint256 version, uint256 expected);

    /// @notice Thrown when the version before may still be accepted, or its acceptance withdrawn.
    error PriorVersionOpen(uint256 day, uint256 priorVersion);

    /// @notice Thrown when a settlement names no datasets for a day from which on evidence is required.
    error EvidenceMissing(uint256 day, uint256 evidenceFrom);

    /// @notice Thrown when the days that a settlement names are not those of its delivery, one after the other.
    error WrongDays(uint256 day, uint256 expected);

    /// @notice Thrown when a dataset version is not accepted, or not final yet.
    error NotNotarised(uint256 day, uint256 version);

    /// @notice Thrown when evidence is to be required from a day that has begun, or later than it is already.
    error EvidenceDayOutOfRange(uint256 day, uint256 earliest, uint256 latest);

    /// @notice Emitted when a meter's key was registered.
    event MeterKeyRegistered(bytes32 indexed pointId, address indexed key, uint40 validFrom);

    /// @notice Emitted when a meter's key got its end: another took its place, or it was revoked.
    event MeterKeyEnded(bytes32 indexed pointId, address indexed key, uint40 validUntil);

    /// @notice Emitted when an operator posted a dataset.
    event DatasetPosted(
        uint32 indexed day,
        uint32 indexed version,
        address indexed operator,
        bytes32 answer,
        PostedDataset dataset,
        string dataCid
    );

    /// @notice Emitted when it was said from which day on settlements must name notarised datasets.
    event EvidenceRequired(uint32 fromDay);

    /// @notice Registers the key with which a point's meter signs; it takes the place of the point's present key.
    /// Community admin only.
    /// @param pointId The point.
    /// @param key Address of the secp256k1 key.
    /// @param validFrom Start; a moment that has passed means: from now.
    function registerMeterKey(bytes32 pointId, address key, uint40 validFrom) external;

    /// @notice Ends a key at once. Community admin only.
    function revokeMeterKey(address key) external;

    /// @notice Posts a dataset of a day that is over, as an operator's answer. The next version opens only when the
    /// one before is final or was not accepted in time.
    function postDataset(uint32 day, uint32 version, PostedDataset calldata dataset, string calldata dataCid) external;

    /// @notice Says from which coming day on settlements must name notarised datasets; it can only be moved to an
    /// earlier day, never back. Community admin only.
    function requireEvidence(uint32 fromDay) external;

    /// @notice Whether the version of the day's dataset is accepted, final, and has this root.
    function isNotarised(uint32 day, uint32 version, bytes32 root) external view returns (bool);

    /// @notice The accepted dataset of a version, and when it is final; zeros while there is none.
    function datasetOf(
        uint32 day,
        uint32 version
    ) external view returns (PostedDataset memory dataset, uint256 finalAt);

    /// @notice The last version of a day that is final; zeros while there is none.
    function latestNotarised(uint32 day) external view returns (uint32 version, PostedDataset memory dataset);

    /// @notice A dataset that an operator posted, by its answer's hash.
    function postedDataset(bytes32 answer) external view returns (PostedDataset memory);

    /// @notice How many versions of a day were opened.
    function versionCount(uint32 day) external view returns (uint32);

    /// @notice What the operators are asked about a version of a day.
    function datasetQuestion(uint32 day, uint32 version) external view returns (bytes32);

    /// @notice Refuses versions that are not the notarised ones of every local day of a delivery, one after the other.
    /// None at all are let pass for days before evidence is required.
    function checkVersions(
        uint256 deliveryStart,
        uint256 deliveryEnd,
        DatasetVersion[] calldata versions
    ) external view;

    /// @notice The day from which on settlements must name notarised datasets.
    function evidenceFrom() external view returns (uint32);

    /// @notice The key registered last for a point; zero if none.
    function meterKeyOf(bytes32 pointId) external view returns (address);

    /// @notice A registered key.
    function meterKey(address key) external view returns (MeterKey memory);

    /// @notice Whether the key was the point's at that moment.
    function isMeterKey(bytes32 pointId, address key, uint40 at) external view returns (bool);
}
