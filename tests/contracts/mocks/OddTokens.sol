// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-20 tokens that a community should not choose, for tests alone: nothing here is ever deployed in earnest
contract PlainToken {
    uint8 public immutable decimals;
    mapping(address holder => uint256) public balanceOf;
    mapping(address holder => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 amount);

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address holder, uint256 amount) external {
        balanceOf[holder] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        return true;
    }

    function _move(address from, address to, uint256 amount) internal virtual {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}

/// @title Keeps a tenth of every transfer
contract FeeToken is PlainToken(6) {
    uint256 public shareBps = 1000;

    function setShare(uint256 bps) external {
        shareBps = bps;
    }

    function _move(address from, address to, uint256 amount) internal override {
        balanceOf[from] -= amount;
        balanceOf[to] += amount - (amount * shareBps) / 10_000;
    }
}

/// @title Calls back into a contract in the middle of every transfer, as whom it was told to attack
contract HostileToken is PlainToken(6) {
    address public target;
    bytes public attack;
    bool public succeeded;
    bytes public answer;

    function arm(address target_, bytes calldata attack_) external {
        target = target_;
        attack = attack_;
    }

    /// @notice Makes the token itself a party: it may apply for membership, deposit and withdraw.
    function act(address to, bytes calldata data) external {
        (bool done, bytes memory reason) = to.call(data);
        require(done, string(reason));
    }

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }

    function _move(address from, address to, uint256 amount) internal override {
        super._move(from, to, amount);
        if (target != address(0)) (succeeded, answer) = target.call(attack);
    }
}
