// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";

import {ICommunity} from "./interfaces/ICommunity.sol";
import {DatasetVersion} from "./interfaces/IMarketplace.sol";
import {IMeasurementNotary, MeterKey, PostedDataset} from "./interfaces/IMeasurementNotary.sol";
import {IOracleQuorum, QuestionTerms} from "./interfaces/IOracleQuorum.sol";
import {ISessionHandler} from "./interfaces/ISessionHandler.sol";
import {LocalDay} from "./libraries/LocalDay.sol";

/// @title Meters' keys, and the roots of what meters read
contract MeasurementNotary is IMeasurementNotary, Initializable {
    /// @dev From a version's first post: then the next version may be opened.
    uint40 private constant ANSWER_TIME = 1 days;
    bytes32 private constant DATASET = "dataset";

    /// @notice The community whose meters these are.
    ICommunity public community;

    /// @notice The operators who attest datasets.
    IOracleQuorum public quorum;

    /// @notice Where the community's windows are set: a dataset can be objected to as long as an outcome, at least.
    ISessionHandler public sessions;

    /// @inheritdoc IMeasurementNotary
    uint32 public evidenceFrom;

    /// @inheritdoc IMeasurementNotary
    mapping(bytes32 pointId => address key) public meterKeyOf;

    /// @inheritdoc IMeasurementNotary
    mapping(uint32 day => uint32) public versionCount;

    mapping(address key => MeterKey) private _meterKeys;
    mapping(bytes32 answer => PostedDataset) private _datasets;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(
        ICommunity community_,
        IOracleQuorum quorum_,
        ISessionHandler sessions_,
        uint32 evidenceFrom_
    ) external initializer {
        community = community_;
        quorum = quorum_;
        sessions = sessions_;
        evidenceFrom = evidenceFrom_;
        emit EvidenceRequired(evidenceFrom_);
    }

    // ---------------------------------------------------------------- meters' keys

    /// @inheritdoc IMeasurementNotary
    function registerMeterKey(bytes32 pointId, address key, uint40 validFrom) external {
        _requireAdmin();
        if (pointId == bytes32(0) || key == address(0)) revert IncompleteMeterKey(pointId, key);
        if (_meterKeys[key].pointId != bytes32(0)) revert MeterKeyKnown(key, _meterKeys[key].pointId);
        uint40 start = validFrom > block.timestamp ? validFrom : uint40(block.timestamp);
        address prior = meterKeyOf[pointId];
        meterKeyOf[pointId] = key;
        _meterKeys[key] = MeterKey(pointId, start, type(uint40).max);
        if (_meterKeys[prior].validUntil > start) _endKey(prior, start);
        emit MeterKeyRegistered(pointId, key, start);
    }

    /// @inheritdoc IMeasurementNotary
    function revokeMeterKey(address key) external {
        _requireAdmin();
        uint256 validUntil = _meterKeys[key].validUntil;
        if (block.timestamp >= validUntil) revert MeterKeyNotGood(key, validUntil);
        _endKey(key, uint40(block.timestamp));
    }

    // ---------------------------------------------------------------- datasets

    /// @inheritdoc IMeasurementNotary
    function postDataset(uint32 day, uint32 version, PostedDataset calldata dataset, string calldata dataCid) external {
        if (bytes(dataCid).length == 0) revert EmptyDataCid();
        if (dataset.root == bytes32(0) || dataset.points == 0 || dataset.leaves < dataset.points) {
            revert IncompleteDataset(day, version);
        }
        uint256 endsAt = LocalDay.soonestEnd(day);
        if (block.timestamp < endsAt) revert DayNotOver(day, endsAt, block.timestamp);
        _open(day, version);

        bytes32 question = datasetQuestion(day, version);
        bytes32 answer = keccak256(abi.encode(question, dataset, keccak256(bytes(dataCid))));
        _datasets[answer] = dataset;
        emit DatasetPosted(day, version, msg.sender, answer, dataset, dataCid);
        QuestionTerms memory terms = QuestionTerms(
            quorum.currentSetId(),
            uint40(block.timestamp) + ANSWER_TIME,
            sessions.windowLimits().challenge,
            true
        );
        quorum.post(question, answer, msg.sender, terms, 0);
    }

    /// @inheritdoc IMeasurementNotary
    function requireEvidence(uint32 fromDay) external {
        _requireAdmin();
        uint256 earliest = LocalDay.latest(block.timestamp) + 1;
        if (fromDay < earliest || fromDay >= evidenceFrom) {
            revert EvidenceDayOutOfRange(fromDay, earliest, evidenceFrom);
        }
        evidenceFrom = fromDay;
        emit EvidenceRequired(fromDay);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMeasurementNotary
    function isNotarised(uint32 day, uint32 version, bytes32 root) external view returns (bool) {
        (PostedDataset memory dataset, uint256 finalAt) = datasetOf(day, version);
        return _isFinal(finalAt) && dataset.root == root;
    }

    /// @inheritdoc IMeasurementNotary
    function latestNotarised(uint32 day) external view returns (uint32 version, PostedDataset memory dataset) {
        for (version = versionCount[day]; version != 0; --version) {
            uint256 finalAt;
            (dataset, finalAt) = datasetOf(day, version);
            if (_isFinal(finalAt)) return (version, dataset);
        }
        delete dataset;
    }

    /// @inheritdoc IMeasurementNotary
    function postedDataset(bytes32 answer) external view returns (PostedDataset memory) {
        return _datasets[answer];
    }

    /// @inheritdoc IMeasurementNotary
    function checkVersions(
        uint256 deliveryStart,
        uint256 deliveryEnd,
        DatasetVersion[] calldata versions
    ) external view {
        uint256 lastMoment = deliveryEnd - 1;
        if (versions.length == 0) {
            uint256 lastDay = LocalDay.latest(lastMoment);
            if (lastDay >= evidenceFrom) revert EvidenceMissing(lastDay, evidenceFrom);
            return;
        }
        _checkDay(versions[0].day, deliveryStart);
        _checkDay(versions[versions.length - 1].day, lastMoment);
        for (uint256 i = 0; i < versions.length; ++i) {
            uint32 day = versions[i].day;
            if (day != versions[0].day + i) revert WrongDays(day, versions[0].day + i);
            (, uint256 finalAt) = datasetOf(day, versions[i].version);
            if (!_isFinal(finalAt)) revert NotNotarised(day, versions[i].version);
        }
    }

    /// @inheritdoc IMeasurementNotary
    function meterKey(address key) external view returns (MeterKey memory) {
        return _meterKeys[key];
    }

    /// @inheritdoc IMeasurementNotary
    function isMeterKey(bytes32 pointId, address key, uint40 at) external view returns (bool) {
        MeterKey memory known = _meterKeys[key];
        return known.pointId == pointId && at >= known.validFrom && at < known.validUntil;
    }

    /// @inheritdoc IMeasurementNotary
    function datasetOf(uint32 day, uint32 version) public view returns (PostedDataset memory dataset, uint256 finalAt) {
        bytes32 answer;
        (answer, finalAt) = quorum.acceptedAnswer(datasetQuestion(day, version));
        dataset = _datasets[answer];
    }

    /// @inheritdoc IMeasurementNotary
    function datasetQuestion(uint32 day, uint32 version) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), DATASET, day, version));
    }

    // ---------------------------------------------------------------- internals

    /// @dev Further answers to the last version's question are taken; whether it still takes votes is the quorum's to say.
    function _open(uint32 day, uint32 version) private {
        uint32 last = versionCount[day];
        if (version != 0 && version == last) return;
        if (version != last + 1) revert WrongVersion(day, version, last + 1);
        if (last != 0 && !quorum.isOver(datasetQuestion(day, last))) revert PriorVersionOpen(day, last);
        versionCount[day] = version;
    }

    function _endKey(address key, uint40 end) private {
        _meterKeys[key].validUntil = end;
        emit MeterKeyEnded(_meterKeys[key].pointId, key, end);
    }

    function _requireAdmin() private view {
        bytes32 role = community.COMMUNITY_ADMIN_ROLE();
        if (!community.hasRole(role, msg.sender)) revert MissingRole(msg.sender, role);
    }

    function _isFinal(uint256 finalAt) private view returns (bool) {
        return finalAt != 0 && block.timestamp >= finalAt;
    }

    function _checkDay(uint256 day, uint256 moment) private pure {
        uint256 expected = LocalDay.earliest(moment);
        if (day != expected && day != LocalDay.latest(moment)) revert WrongDays(day, expected);
    }
}
